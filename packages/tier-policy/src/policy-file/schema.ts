import { TIERS } from '../tier.ts';

const appList = (description: string): object => ({
  type: 'array',
  items: { type: 'string', minLength: 1 },
  description,
});

const ruleList = (description: string): object => ({
  type: ['array', 'null'],
  description,
  items: {
    anyOf: [
      { type: 'string', minLength: 1 },
      {
        type: 'object',
        additionalProperties: false,
        required: ['rule'],
        properties: {
          rule: { type: 'string', minLength: 1 },
          match: { type: 'array', items: { type: 'string', minLength: 1 } },
          not_match: { type: 'array', items: { type: 'string', minLength: 1 } },
        },
      },
    ],
  },
});

/** JSON Schema of a policy file, for editors; `parsePolicyFile` checks more. */
export const POLICY_SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://github.com/deskhand/deskhand/blob/main/packages/tier-policy/policy.schema.json',
  title: 'Deskhand policy',
  description: "An administrator's rules over what agents may do to applications.",
  type: ['object', 'null'],
  additionalProperties: false,
  properties: {
    denyApps: appList(
      'Applications that are never granted: a name from the catalogue, an absolute path, or a bundle, flatpak or snap id; * stands for any text.',
    ),
    tiers: {
      type: ['object', 'null'],
      additionalProperties: { enum: [...TIERS] },
      description: 'Tier forced or lifted for a named application.',
    },
    forbidCombos: appList(
      'Key combos that are never sent, with or without further modifiers, such as ctrl+alt+Delete.',
    ),
    origins: {
      type: ['object', 'null'],
      additionalProperties: { enum: ['allow', 'ask', 'deny'] },
      description:
        'What browsers of agents may reach, by patterns such as https://*.example.com; deny beats ask beats allow.',
    },
    permissions: {
      type: ['object', 'null'],
      additionalProperties: false,
      description:
        'What tools for files and commands may do, such as Bash(git diff:*), Read(//srv/data/**) or Edit(~/notes/*); deny beats ask beats allow.',
      properties: {
        allow: ruleList('Without a question.'),
        ask: ruleList('A person is asked each time.'),
        deny: ruleList('Never, whoever allows it.'),
      },
    },
    onceOnly: {
      type: 'boolean',
      description: 'Persons may allow for one session only, never for always.',
    },
  },
} as const;
