import type { Projection } from '../../shared/store/store.ts';
import { badFilter, shown } from './errors.ts';
import { ownName } from './field-name.ts';
import { isObject, splitPath } from './path.ts';
import type { Path } from './path.ts';
import { setField } from './set-field.ts';
import type { PlainRecord, Project } from './types.ts';

/** The paths as a tree: a leaf is the whole field. */
type Tree = Map<string, Tree | 'whole'>;

const REMEDY = 'Write {"field": 1} for the fields wanted, or {"field": 0} for those left out; only id may differ.';

export const project: Project = (record, projection) => compileProjection(projection)(record);

/** `project` for many records: the projection is read once. */
export function compileProjection(projection: Projection): (record: PlainRecord) => Record<string, unknown> {
  const { mode, tree } = parseProjection(projection);
  // At the top both ways give an object.
  return (record) => (mode === 'include' ? include(record, tree) : exclude(record, tree)) as Record<string, unknown>;
}

function parseProjection(projection: unknown): { mode: 'include' | 'exclude'; tree: Tree } {
  if (!isObject(projection)) throw badFilter(`The projection must be an object, not ${shown(projection)}.`, REMEDY);
  const tree: Tree = new Map();
  let mode: 'include' | 'exclude' | undefined;
  let id: boolean | undefined;
  for (const [name, wanted] of Object.entries(projection)) {
    const flag = parseFlag(name, wanted);
    const field = ownName(name);
    if (field === 'id') {
      id = flag;
      continue;
    }
    const asked = flag ? 'include' : 'exclude';
    if (mode !== undefined && mode !== asked) {
      throw badFilter(`The projection both includes and excludes fields ("${name}").`, REMEDY);
    }
    mode = asked;
    plant(tree, splitPath(field), name);
  }
  mode ??= id === true ? 'include' : 'exclude';
  if ((mode === 'include') === (id ?? true)) tree.set('id', 'whole');
  return { mode, tree };
}

function parseFlag(name: string, wanted: unknown): boolean {
  if (typeof wanted !== 'boolean' && typeof wanted !== 'number') {
    throw badFilter(`The projection of "${name}" is ${shown(wanted)}; it must be 0 or 1.`, REMEDY);
  }
  if (splitPath(name).some((component) => component === '' || component.startsWith('$'))) {
    throw badFilter(`"${name}" is not a field that can be projected.`, REMEDY);
  }
  return Boolean(wanted);
}

function plant(tree: Tree, path: Path, name: string): void {
  let branch = tree;
  for (const [at, component] of path.entries()) {
    const next = branch.get(component);
    const isLast = at === path.length - 1;
    if (next === 'whole' || (isLast && next !== undefined)) {
      throw badFilter(
        `The projection names "${name}" together with a field above or below it.`,
        'Name one of the two.',
      );
    }
    const grown = next ?? (isLast ? 'whole' : new Map<string, Tree>());
    branch.set(component, grown as Tree | 'whole');
    if (grown !== 'whole') branch = grown as Tree;
  }
}

const nothing = Symbol('nothing');

/** Objects and arrays on the way keep only what is asked for; other values on the way have nothing of it. */
function include(value: unknown, tree: Tree): unknown {
  if (Array.isArray(value)) return value.map((each) => include(each, tree)).filter((each) => each !== nothing);
  if (!isObject(value)) return nothing;
  return mapFields(value, (field, name) => {
    const branch = tree.get(name);
    if (branch === undefined) return nothing;
    return branch === 'whole' ? field : include(field, branch);
  });
}

function exclude(value: unknown, tree: Tree): unknown {
  if (Array.isArray(value)) return value.map((each) => exclude(each, tree));
  if (!isObject(value)) return value;
  return mapFields(value, (field, name) => {
    const branch = tree.get(name);
    if (branch === undefined) return field;
    return branch === 'whole' ? nothing : exclude(field, branch);
  });
}

/** Field by field into a new object: a list asks this of every row, and lists of pairs take three times as long. */
function mapFields(value: Record<string, unknown>, map: (field: unknown, name: string) => unknown): unknown {
  const mapped: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const field = map(value[name], name);
    if (field !== nothing) setField(mapped, name, field);
  }
  return mapped;
}
