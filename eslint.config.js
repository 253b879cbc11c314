import tseslint from 'typescript-eslint';

/** Which packages of ours a package may import; `turbo.json` holds the same arrows as tags. */
const arrows = {
  'tier-policy': [],
  'run-ledger': [],
  grants: ['run-ledger'],
  sandbox: [],
  'fake-messages': [],
  model: [],
  'server-runtime': ['run-ledger', 'grants'],
  'computer-use-mcp': ['server-runtime', 'grants', 'tier-policy'],
  'chrome-mcp': ['server-runtime', 'grants', 'tier-policy'],
  'workspace-mcp': ['server-runtime', 'grants', 'sandbox', 'tier-policy'],
  gateway: ['run-ledger', 'grants', 'sandbox'],
  'agent-host': ['gateway', 'model', 'fake-messages', 'run-ledger', 'grants'],
  'session-daemon': ['agent-host', 'model', 'server-runtime', 'run-ledger', 'grants'],
  cli: [
    ...['session-daemon', 'server-runtime', 'agent-host', 'gateway', 'model', 'fake-messages'],
    ...['run-ledger', 'grants'],
  ],
  'conformance-fixture': ['server-runtime'],
};

const foreign = (name, allowed) => ({
  files: [`packages/${name}/src/**`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: ['@deskhand/**', ...allowed.flatMap((a) => [`!@deskhand/${a}`, `!@deskhand/${a}/**`])],
            message: `${name} may import only: ${allowed.join(', ') || 'nothing of ours'}`,
          },
          ...(name === 'server-runtime' || name === 'gateway'
            ? []
            : [
                {
                  group: ['@modelcontextprotocol/**'],
                  message: 'only server-runtime and gateway import the MCP SDK',
                },
              ]),
        ],
      },
    ],
  },
});

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', 'demo-report/**'] },
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: {
          allowDefaultProject: [
            ...['eslint.config.js', 'vitest.config.ts'],
            ...['scripts/*.mjs', 'scripts/*.ts', 'packages/*/scripts/*.mjs'],
          ],
        },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      'max-params': ['error', 4],
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  ...Object.entries(arrows).map(([name, allowed]) => foreign(name, allowed)),
  {
    files: ['packages/*/src/core/**', 'packages/tier-policy/src/**'],
    ignores: ['**/cli.ts', 'packages/tier-policy/src/cli/**'],
    rules: {
      'no-restricted-globals': ['error', 'process', 'Buffer'],
    },
  },
  {
    files: ['packages/*/src/**'],
    ignores: ['**/cli.ts', '**/cli/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'argv', message: 'only cli.ts reads argv' },
        { object: 'process', property: 'env', message: 'only cli.ts reads the environment' },
        { object: 'process', property: 'exit', message: 'only cli.ts exits' },
      ],
    },
  },
  {
    files: ['**/cli.ts', '**/cli/**', 'bench/**', 'tests/**', 'scripts/**', 'packages/*/scripts/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['eslint.config.js', '{,packages/*/}scripts/*.mjs'],
    ...tseslint.configs.disableTypeChecked,
  },
);
