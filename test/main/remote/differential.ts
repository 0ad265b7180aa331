import fc from 'fast-check';
import { AppError } from '../../../shared/errors.ts';
import type { Conversation } from '../../../shared/collections/conversations.ts';
import type { Collection, Filter, SortSpec, Update } from '../../../shared/store/store.ts';

/** One operation on a collection, as data: the same is asked of two stores. */
export type Operation =
  | { readonly do: 'insert'; readonly drafts: readonly Record<string, unknown>[] }
  | { readonly do: 'updateOne' | 'upsert'; readonly id: string; readonly filter: Filter; readonly update: Update }
  | { readonly do: 'updateMany'; readonly filter: Filter; readonly update: Update }
  | {
      readonly do: 'findOneAndUpdate';
      readonly filter: Filter;
      readonly update: Update;
      readonly sort: SortSpec;
      readonly after: boolean;
    }
  | { readonly do: 'deleteOne'; readonly id: string; readonly filter: Filter }
  | { readonly do: 'deleteMany'; readonly filter: Filter }
  | {
      readonly do: 'find';
      readonly filter: Filter;
      readonly sort: SortSpec;
      readonly skip: number;
      readonly limit: number;
      readonly projection: Record<string, 0 | 1>;
    }
  | { readonly do: 'count'; readonly filter: Filter };

const scalars = [
  null,
  true,
  false,
  0,
  1,
  -1.5,
  7,
  2 ** 40,
  0.1,
  '',
  'a',
  'A',
  'b\n',
  'ä',
  '😀',
  '\uff01',
  'ab',
  'a.b',
  '5',
] as const;
const scalar = fc.constantFrom(...scalars);
const value: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 5, arbitrary: scalar },
  fc.array(scalar, { maxLength: 3 }),
  fc.constantFrom({ x: 1, y: 2 }, { y: 2, x: 1 }, {}, { x: [1, 'a'] }, { x: { y: null } }, { x: 1 }),
  fc.constantFrom([{ x: 1 }, { x: [2, 'a'] }], [[1], [2, 3]], [{ x: 1, y: 'a' }, { y: 2 }], [null], [{}]),
);
const ids = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'é', '0123456789abcdef01234567', '7');
const title = fc.constantFrom('', 'ant', 'Ant', 'bee', 'a\nb', 'ä', '😀 bee', 'x.y', '[x]', 'cat\n');
const fields = ['context.v', 'context.w', 'mood', 'tags', 'title', 'lookup_key', 'pinned', 'user_id'] as const;
const paths = [
  ...fields,
  'context.v.x',
  'context.v.x.y',
  'context.v.0',
  'context.w.1',
  'context',
  'id',
  'nothing',
] as const;

const draft = fc.record(
  {
    id: ids,
    title,
    pinned: fc.boolean(),
    tags: fc.array(fc.constantFrom('red', 'blue', 'a', 'ä'), { maxLength: 3 }),
    context: fc.record({ v: value, w: value }, { requiredKeys: [] }),
    mood: value,
    user_id: fc.constantFrom(null, 'u1', 'u2'),
    lookup_key: fc.constantFrom('k1', 'k2', 'k3'),
  },
  { requiredKeys: ['id'] },
);

const patterns = [
  '^a',
  'a$',
  'b',
  '^$',
  '.',
  '^.$',
  'A',
  '[ab]',
  '[^a]',
  'a|b',
  '\\.',
  '\\w',
  '\\s',
  '\\d+',
  '(a)b?',
  '^a.b$',
  'ä',
  '\\bbee',
  '\\p{L}',
  '(?=a)',
  'x\\.y',
  '\\[x\\]',
];
const regex = fc
  .record({ $regex: fc.constantFrom(...patterns), $options: fc.constantFrom('', 'i', 's', 'm', 'is') })
  .map(({ $regex, $options }) => ($options === '' ? { $regex } : { $regex, $options }));

const condition: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: value },
  ...(['$eq', '$ne', '$gt', '$gte', '$lt', '$lte'] as const).map((name) =>
    value.map((operand) => ({ [name]: operand })),
  ),
  ...(['$in', '$nin', '$all'] as const).map((name) =>
    fc.array(value, { maxLength: 3 }).map((list) => ({ [name]: list })),
  ),
  fc.boolean().map((wanted) => ({ $exists: wanted })),
  fc
    .constantFrom('string', 'number', 'array', 'object', 'null', 'bool', 'int', 'double')
    .map((type) => ({ $type: type })),
  fc.nat({ max: 3 }).map((size) => ({ $size: size })),
  fc.constant({ $mod: [2, 1] }),
  fc.constantFrom(
    { $elemMatch: { x: 1 } },
    { $elemMatch: { $gt: 0, $lt: 5 } },
    { $elemMatch: { x: { $in: [1, 'a'] }, y: 'a' } },
    { $elemMatch: { $eq: 'a' } },
  ),
  regex,
  regex.map((each) => ({ $not: each })),
  value.map((operand) => ({ $not: { $gt: operand } })),
  fc.constantFrom(/^a/, /a$/i, /./u, /^.$/),
);
const simple = fc.tuple(fc.constantFrom(...paths), condition).map(([path, asked]) => ({ [path]: asked }) as Filter);
const filter: fc.Arbitrary<Filter> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({}) },
  { weight: 6, arbitrary: simple },
  { weight: 2, arbitrary: fc.tuple(simple, simple).map(([a, b]) => ({ ...a, ...b })) },
  ...(['$and', '$or', '$nor'] as const).map((name) =>
    fc.array(simple, { minLength: 1, maxLength: 2 }).map((list) => ({ [name]: list })),
  ),
  ids.map((id) => ({ id })),
  fc.constantFrom<Filter>({ title: { $frob: 1 } }, { $and: [] }, { $where: 'true' }),
);

const settable = fc.constantFrom(
  'context.v',
  'context.w',
  'context.v.x',
  'context.w.0',
  'mood',
  'title',
  'tags',
  'lookup_key',
  'user_id',
  'pinned',
);
const update: fc.Arbitrary<Update> = fc.oneof(
  fc.tuple(settable, value).map(([field, to]) => ({ $set: { [field]: to } })),
  title.map((to) => ({ $set: { title: to } })),
  fc.constantFrom('k1', 'k2', 'k3').map((to) => ({ $set: { lookup_key: to } })),
  fc.tuple(settable, settable).map(([a, b]) => ({ $unset: { [a]: '', [b]: '' } })),
  fc.tuple(settable, fc.constantFrom(1, -2, 0.5)).map(([field, by]) => ({ $inc: { [field]: by } })),
  fc.tuple(settable, fc.constantFrom(2, 0)).map(([field, by]) => ({ $mul: { [field]: by } })),
  fc.tuple(settable, value).map(([field, to]) => ({ $min: { [field]: to } })),
  fc.tuple(settable, value).map(([field, to]) => ({ $max: { [field]: to } })),
  fc.tuple(settable, value).map(([field, item]) => ({ $push: { [field]: item } })),
  fc
    .tuple(settable, fc.array(scalar, { maxLength: 2 }))
    .map(([field, list]) => ({ $push: { [field]: { $each: list, $sort: 1, $slice: -2 } } })),
  fc.tuple(settable, value).map(([field, item]) => ({ $addToSet: { [field]: item } })),
  fc.tuple(settable, value).map(([field, item]) => ({ $pull: { [field]: item } })),
  fc.tuple(settable, fc.constantFrom(1, -1)).map(([field, side]) => ({ $pop: { [field]: side } })),
  fc.constantFrom<Update>(
    { $rename: { mood: 'temper' } },
    { $frob: {} },
    { $set: { id: 'z' } },
    { $currentDate: { mood: true } },
  ),
  fc
    .tuple(title, scalar)
    .map(([to, mood]) => ({ $set: { title: to }, $setOnInsert: { mood }, $inc: { 'context.n': 1 } })),
);

const sort: fc.Arbitrary<SortSpec> = fc.constantFrom<SortSpec>(
  {},
  { title: 1 },
  { title: -1 },
  { 'context.v': 1 },
  { 'context.v': -1, title: 1 },
  { 'context.v.x': 1 },
  { mood: -1 },
  { tags: 1 },
  { id: -1 },
  { pinned: 1, id: -1 },
  { updated_at: -1 },
  { lookup_key: 1 },
);
const projection = fc.constantFrom<Record<string, 0 | 1>>(
  {},
  {},
  { title: 1 },
  { 'context.v': 1, id: 0 },
  { context: 0 },
  { tags: 1, 'context.v.x': 1 },
  { id: 1 },
  { _meta: 0, 'context.w': 0 },
  { updated_at: 1 },
);
const small = fc.nat({ max: 3 });

const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('insert' as const),
      drafts: fc.array(draft, { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('updateOne' as const, 'upsert' as const),
      id: ids,
      filter: fc.oneof(fc.constant({}), simple),
      update,
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('updateMany' as const), filter, update }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('findOneAndUpdate' as const),
      filter,
      update,
      sort: sort.map((each) => ({ ...each, id: 1 as const })),
      after: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('deleteOne' as const), id: ids, filter: fc.oneof(fc.constant({}), simple) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('deleteMany' as const), filter: simple }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('find' as const), filter, sort, skip: small, limit: small, projection }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('count' as const), filter }) },
);

export const operations = fc
  .tuple(
    fc
      .array(draft, { minLength: 2, maxLength: 6 })
      .map((drafts): Operation[] => drafts.map((each) => ({ do: 'insert', drafts: [each] }))),
    fc.array(operation, { minLength: 6, maxLength: 16 }),
  )
  .map(([first, rest]) => [...first, ...rest]);

/** What an operation came to: its result, or the code of its refusal. Bookkeeping that is each store's own is left out. */
export async function outcomeOf(collection: Collection<Conversation>, asked: Operation): Promise<unknown> {
  try {
    return withoutMeta(await perform(collection, asked));
  } catch (error) {
    if (error instanceof AppError) return { refused: refusalOf(asked, error.code) };
    throw error;
  }
}

/** Of several records that cannot be updated the first is named, and without a sort none is the first. */
function refusalOf(asked: Operation, code: string): string {
  return asked.do === 'updateMany' && code === 'BAD_RECORD' ? 'BAD_UPDATE' : code;
}

function perform(collection: Collection<Conversation>, asked: Operation): Promise<unknown> {
  switch (asked.do) {
    case 'insert':
      return asked.drafts.length === 1
        ? collection.insertOne(asked.drafts[0] ?? {})
        : collection.insertMany(asked.drafts);
    case 'updateOne':
    case 'upsert':
      return collection.updateOne({ ...asked.filter, id: asked.id }, asked.update, { upsert: asked.do === 'upsert' });
    case 'updateMany':
      return collection.updateMany(asked.filter, asked.update);
    case 'findOneAndUpdate':
      return collection.findOneAndUpdate(asked.filter, asked.update, {
        sort: asked.sort,
        returnDocument: asked.after ? 'after' : 'before',
      });
    case 'deleteOne':
      return collection.deleteOne({ ...asked.filter, id: asked.id });
    case 'deleteMany':
      return collection.deleteMany(asked.filter);
    case 'count':
      return collection.count(asked.filter);
    case 'find':
      return found(collection, asked);
  }
}

/** Without a sort the order is not promised, and so neither is what a window holds. */
async function found(
  collection: Collection<Conversation>,
  asked: Extract<Operation, { do: 'find' }>,
): Promise<unknown> {
  const { filter, sort: order, skip, limit, projection: fields } = asked;
  if (Object.keys(order).length > 0) return collection.find(filter, { sort: order, skip, limit, projection: fields });
  const { id: _, ...withId } = fields;
  const all = await collection.find(filter, { projection: withId });
  return [...all].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function withoutMeta(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMeta);
  if (typeof value !== 'object' || value === null) return value;
  const { _meta, ...rest } = value as Record<string, unknown>;
  return rest;
}

/** Everything that is there, by id. */
export async function contentsOf(collection: Collection<Conversation>): Promise<unknown> {
  return withoutMeta(await collection.find({}, { sort: { id: 1 } }));
}
