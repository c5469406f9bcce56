/**
 * Who may import whom. `from` names a room, `pathNot` in `to` what it may take besides packages and Node.
 */
const OURS = '^(domain|db|electron|renderer|tests|build)/'
const TYPE_ONLY = 'type-only'

module.exports = {
  forbidden: [
    {
      name: 'domain-is-a-leaf',
      comment:
        'The rules of the trade import nothing of ours, no process and no library but zod in the contract.',
      severity: 'error',
      from: { path: '^domain/' },
      to: { path: OURS, pathNot: '^domain/' },
    },
    {
      name: 'domain-has-no-node',
      severity: 'error',
      from: { path: '^domain/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'domain-libraries',
      comment: 'zod in the contract only, so that no schema library reaches the window.',
      severity: 'error',
      from: { path: '^domain/(?!contract/)' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'contract-libraries',
      severity: 'error',
      from: { path: '^domain/contract/' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: 'node_modules/zod/' },
    },
    {
      name: 'db-imports-domain',
      severity: 'error',
      from: { path: '^db/' },
      to: { path: [OURS, 'node_modules/electron/', '^electron$'], pathNot: '^(db|domain)/' },
    },
    {
      name: 'one-door-to-sqlite',
      comment: 'Only the place that opens a connection loads the library, so that it can be replaced there.',
      severity: 'error',
      from: { path: OURS, pathNot: '^(db/open\\.ts|tests/)' },
      to: { path: '(^|/)better-sqlite3(-multiple-ciphers)?(/|$)', dependencyTypesNot: [TYPE_ONLY] },
    },
    {
      name: 'sqlite-types-stay-in-db',
      severity: 'error',
      from: { path: OURS, pathNot: '^(db|tests)/' },
      to: { path: '(^|/)better-sqlite3(-multiple-ciphers)?(/|$)' },
    },
    {
      name: 'core-imports-db-and-domain',
      severity: 'error',
      from: { path: '^electron/core/' },
      to: {
        path: OURS,
        // Who starts a child knows its limits; the reader is served like the parser.
        pathNot: '^(electron/core/|electron/parser/(children|serve)\\.ts|db/|domain/)',
        dependencyTypesNot: [TYPE_ONLY],
      },
    },
    {
      name: 'core-is-plain-node',
      comment: 'The command line runs the same core without Electron; only types of it may be named.',
      severity: 'error',
      from: { path: '^electron/(core|cli)/' },
      to: { path: '(^|/)electron(/|$)', pathNot: '^electron/', dependencyTypesNot: [TYPE_ONLY] },
    },
    {
      name: 'cli-imports-core-app',
      severity: 'error',
      from: { path: '^electron/cli/' },
      to: { path: OURS, pathNot: '^(electron/(cli|core)|db|domain)/' },
    },
    {
      name: 'main-never-touches-the-database',
      severity: 'error',
      from: { path: '^electron/main/' },
      to: {
        path: OURS,
        pathNot: '^(electron/main/|electron/parser/children\\.ts|domain/)',
        dependencyTypesNot: [TYPE_ONLY],
      },
    },
    {
      name: 'main-and-parser-never-name-the-database',
      severity: 'error',
      from: { path: '^electron/(main|parser|preload)/' },
      to: { path: '^(db|renderer|tests)/' },
    },
    {
      name: 'preload-is-alone',
      severity: 'error',
      from: { path: '^electron/preload/' },
      to: { path: OURS, pathNot: '^electron/preload/', dependencyTypesNot: [TYPE_ONLY] },
    },
    {
      name: 'parser-holds-no-keys',
      severity: 'error',
      from: { path: '^electron/parser/' },
      to: { path: OURS, pathNot: '^(electron/parser|domain)/', dependencyTypesNot: [TYPE_ONLY] },
    },
    {
      name: 'window-imports-domain',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: OURS, pathNot: '^(renderer|domain)/' },
    },
    {
      name: 'window-has-no-node',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'window-has-no-electron',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '(^|/)node_modules/(electron|better-sqlite3|zod)/', dependencyTypesNot: [TYPE_ONLY] },
    },
    {
      name: 'window-takes-the-contract-as-types',
      comment: 'A value of the contract would bring zod, and with it every schema, into the window.',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^domain/contract/', dependencyTypesNot: [TYPE_ONLY] },
    },
    {
      name: 'features-are-strangers',
      severity: 'error',
      from: { path: '^renderer/features/([^/]+)/' },
      to: { path: '^renderer/features/([^/]+)/', pathNot: '^renderer/features/$1/' },
    },
    {
      name: 'nothing-imports-tests',
      severity: 'error',
      from: { path: OURS, pathNot: '^tests/' },
      to: { path: '^tests/' },
    },
    {
      name: 'no-circles',
      comment: 'A circle of values loads in an order nobody chose. Types may point back.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: [TYPE_ONLY] } },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '\\?raw$' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.vue', '.mjs', '.js', '.d.ts', '.json'],
    },
  },
}
