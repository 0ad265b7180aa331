import type { z } from 'zod';
import type { CollectionDefinition } from '../../shared/collections/define.ts';
import { AppError } from '../../shared/errors.ts';
import type { Update } from '../../shared/store/store.ts';
import { isSameJson } from '../lib/canonical-json.ts';
import { badRecord, cleanRecord } from './json-guard.ts';
import type { RecordBody } from './stored-record.ts';

/**
 * The rules by which drafts become records. Pure, and the same for every Store: what is filled in, what may change,
 * what is refused.
 */

const MAX_ID_LENGTH = 1024;
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/** Any well-formed text of 1 to 1024 characters without control characters; else BAD_ID. Kept verbatim. */
export function checkId(id: unknown): string {
  if (typeof id === 'string' && id.length > 0 && id.length <= MAX_ID_LENGTH && id.isWellFormed() && !CONTROL.test(id)) {
    return id;
  }
  throw new AppError('BAD_ID', 'The id is not text of 1 to 1024 characters without control characters.', {
    remedy: 'Give another id, or none: one is made.',
    details: { id: typeof id === 'string' ? id.slice(0, 100) : String(id) },
  });
}

function firstIssue(error: z.ZodError): { path: string; message: string } {
  const issue = error.issues[0];
  return { path: issue?.path.map(String).join('.') ?? '', message: issue?.message ?? 'is not valid' };
}

/** The body checked against the collection's schema, defaults filled, `id` first. BAD_RECORD names the field. */
function validate(definition: CollectionDefinition, body: Readonly<Record<string, unknown>>, id: string): RecordBody {
  const parsed = definition.schema.safeParse(body);
  if (!parsed.success) {
    const { path, message } = firstIssue(parsed.error);
    throw badRecord(`${definition.name}.${path}`, `is not valid (${message})`);
  }
  const { id: _, ...fields } = parsed.data;
  return { id, ...fields } as RecordBody; // every schema of the registry has created_at and updated_at
}

/** What an insert keeps of a draft: `_id` read as id, `_meta` ignored, id, dates and defaults filled where absent. */
export function stampInsert(
  definition: CollectionDefinition,
  draft: Readonly<Record<string, unknown>>,
  mint: { readonly id: () => string; readonly now: string },
): RecordBody {
  const { _id, _meta, id: given, ...fields } = draft;
  const id = checkId(given ?? _id ?? mint.id());
  const body = cleanRecord(fields);
  const createdAt = body['created_at'] ?? mint.now;
  return validate(definition, { ...body, id, created_at: createdAt, updated_at: body['updated_at'] ?? createdAt }, id);
}

function immutable(field: string): AppError {
  return new AppError('BAD_UPDATE', `The update would change "${field}", which never changes.`, {
    remedy: 'Leave it out, or insert a new record.',
    details: { field },
  });
}

/** Whether the update names this field itself, so that its value is the caller's wish. */
function names(update: Update, field: string): boolean {
  return Object.values(update).some(
    (operands) => typeof operands === 'object' && operands !== null && Object.hasOwn(operands, field),
  );
}

/**
 * What an update makes of a record: null when nothing differs. Bumps updated_at unless the update names it.
 * BAD_UPDATE when id, created_at or a log's stream would change; BAD_RECORD when the outcome is not valid.
 */
export function stampUpdate(
  definition: CollectionDefinition,
  before: RecordBody,
  after: Readonly<Record<string, unknown>>,
  update: Update,
  now: string,
): RecordBody | null {
  for (const field of ['id', 'created_at', ...(definition.streamField ? [definition.streamField] : [])]) {
    if (!isSameJson(after[field], before[field])) throw immutable(field);
  }
  const { _meta, ...fields } = after;
  const body = validate(definition, cleanRecord(fields), before.id);
  if (isSameJson(body, before)) return null;
  return names(update, 'updated_at') ? body : { ...body, updated_at: now };
}
