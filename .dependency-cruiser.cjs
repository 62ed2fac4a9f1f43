/**
 * The import rules of the house (docs/architecture.md): folders are capabilities, dependencies point one way.
 * `npm run deps` fails on a cycle, on a layer reaching up, and on a reach past another part's index.
 */
const only = (name, from, allowed) => ({
  name,
  severity: 'error',
  // A test beside the source may ask tests/shared-data for the published files.
  from: { path: `^${from}/`, pathNot: '\\.test\\.tsx?$' },
  to: {
    path: '^(contracts|drivers|kiosk|ui|fleet-server|simulators|cli|tests)/',
    pathNot: [`^${from}/`, ...allowed.map((folder) => `^${folder}/`)],
  },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'nothing-unresolved',
      severity: 'error',
      from: {},
      // `?url` is Vite's: the address of a file that it copies into the build
      to: { couldNotResolve: true, pathNot: '\\.wasm\\?url$' },
    },
    only('contracts-stand-alone', 'contracts', []),
    only('drivers-know-contracts', 'drivers', ['contracts']),
    only('runtime-knows-drivers', 'kiosk/runtime', ['contracts', 'drivers']),
    only('shell-never-imports-a-driver', 'kiosk/shell', ['contracts']),
    only('kit-knows-contracts', 'ui/kit', ['contracts']),
    only('citizen-app', 'ui/citizen', ['contracts', 'ui/kit']),
    only('fleet-app', 'ui/fleet', ['contracts', 'ui/kit']),
    only('server-knows-contracts', 'fleet-server', ['contracts']),
    only('simulators-know-codecs', 'simulators', ['contracts', 'drivers']),
    {
      name: 'runtime-never-imports-electron',
      severity: 'error',
      from: { pathNot: '^kiosk/shell/' },
      to: { path: 'electron', dependencyTypes: ['npm', 'npm-dev'] },
    },
    {
      name: 'products-never-import-tests',
      severity: 'error',
      from: { pathNot: '(^tests/|^vitest.config|\\.test\\.tsx?$)' },
      to: { path: '^tests/' },
    },
    {
      name: 'codecs-are-pure',
      comment: 'bytes in, message out: no I/O, no clock',
      severity: 'error',
      from: { path: '/codec[^/]*\\.ts$|/codec/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'capabilities-meet-at-their-index',
      comment: 'a folder has an index.ts that says what others may use; nothing reaches past it',
      severity: 'error',
      from: { path: '^(contracts|drivers|kiosk/runtime|kiosk/shell|fleet-server|simulators)/([^/]+)/' },
      to: { path: '^$1/[^/]+/.+', pathNot: ['^$1/$2/', '/index\\.tsx?$'] },
    },
    {
      name: 'parts-meet-by-package-name',
      comment: 'another part is imported as @jolly/…, whose exports lead to an index only',
      severity: 'error',
      from: {
        path: '^(contracts|drivers|kiosk/runtime|kiosk/shell|ui/kit|ui/citizen|ui/fleet|fleet-server|simulators)/',
      },
      to: {
        path: '^(contracts|drivers|kiosk/runtime|kiosk/shell|ui/kit|ui/citizen|ui/fleet|fleet-server|simulators)/',
        pathNot: ['^$1/', '/index\\.tsx?$', '\\.css$', '\\.svg$'],
      },
    },
    {
      name: 'no-junk-drawer',
      severity: 'error',
      from: {},
      to: { path: '/(utils?|common|helpers?|misc)(/|\\.tsx?$)', pathNot: 'node_modules' },
    },
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|node_modules/\\.cache)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
      mainFields: ['main', 'types'],
    },
  },
};
