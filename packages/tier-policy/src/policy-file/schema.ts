import { TIERS } from '../tier.ts';

const appList = (description: string): object => ({
  type: 'array',
  items: { type: 'string', minLength: 1 },
  description,
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
    onceOnly: {
      type: 'boolean',
      description: 'Persons may allow for one session only, never for always.',
    },
  },
} as const;
