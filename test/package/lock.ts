/**
 * Lock: what a project that depends on the packed package has in its lock file, made of the package's own.
 *
 * With it npm finds every dependency in its cache, where installing the package's own has put them; what is not there
 * comes from the registry.
 */
export type LockedPackage = Readonly<Record<string, unknown>> & {
  readonly version?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
};

const REGISTRY = 'https://registry.npmjs.org';
const FOLDER = 'node_modules/';

/** `own` are the packages of the lock file; `file` is the tarball, relative to the project. */
export function lockFor(own: Readonly<Record<string, LockedPackage>>, file: string) {
  const { '': root, ...others } = own;
  if (root === undefined) throw new Error('the lock file has no root');
  const { devDependencies: _, ...shipped } = root;
  const installed = Object.entries(others).filter(
    ([, { dev, devOptional }]) => dev !== true && devOptional !== true,
  );
  return {
    name: 'user',
    lockfileVersion: 3,
    requires: true,
    packages: {
      '': { name: 'user', dependencies: { stormdrain: `file:${file}` } },
      [`${FOLDER}stormdrain`]: { ...shipped, resolved: `file:${file}` },
      ...Object.fromEntries(installed.map(([path, each]) => [path, resolvedOf(path, each)])),
    },
  };
}

function resolvedOf(path: string, locked: LockedPackage): LockedPackage {
  const name = path.slice(path.lastIndexOf(FOLDER) + FOLDER.length);
  const file = `${name.slice(name.lastIndexOf('/') + 1)}-${locked.version}.tgz`;
  return { ...locked, resolved: `${REGISTRY}/${name}/-/${file}` };
}
