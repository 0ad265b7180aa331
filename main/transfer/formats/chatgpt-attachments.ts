import type { Part } from '../../../shared/collections/content.ts';
import { ifAny, isForeign, listAt, objectAt, sizeAt, textAt, without } from './read-values.ts';
import type { Foreign } from './types.ts';

type AttachmentPart = Extract<Part, { type: 'attachment' }>;

/** The files that the message's metadata lists, and which of them its parts have pointed at. */
export interface Attachments {
  readonly known: readonly KnownAttachment[];
  readonly used: Set<KnownAttachment>;
}
export interface KnownAttachment {
  readonly id: string | null;
  readonly name: string;
  readonly raw: Foreign;
}

export function chatgptAttachments(metadata: Foreign): Attachments {
  const known = listAt(metadata, 'attachments')
    .filter(isForeign)
    .map((raw) => {
      const id = textAt(raw, 'id', 'file_id');
      return { id, name: textAt(raw, 'name', 'file_name') ?? id ?? 'file', raw };
    });
  return { known, used: new Set() };
}

/** Stubs of the files that no part has pointed at. */
export function unusedAttachments({ known, used }: Attachments): AttachmentPart[] {
  return known.filter((attachment) => !used.has(attachment)).map(attachmentPart);
}

/** A stub: the export names the file, and its bytes are not taken over. */
function attachmentPart({ name, raw }: KnownAttachment): AttachmentPart {
  return {
    type: 'attachment',
    name,
    ...ifAny('media_type', textAt(raw, 'mime_type', 'mimeType', 'content_type')),
    ...ifAny('size_bytes', sizeAt(raw, 'size', 'size_bytes', 'file_size')),
    missing: true,
    ...ifAny('extra', without(raw, 'name', 'mime_type', 'mimeType', 'size')),
  };
}

const kinds: readonly (readonly [RegExp, string])[] = [
  [/image|frame/, 'image'],
  [/audio/, 'audio'],
  [/video/, 'video'],
];

/**
 * The files that an object among a message's parts points at: pictures, sounds, videos, and the voice mode's bundles of
 * these. Empty where the object points at none.
 */
export function pointerParts(part: Foreign, attachments: Attachments): AttachmentPart[] {
  const bundled = [
    part['audio_asset_pointer'],
    part['video_container_asset_pointer'],
    ...listAt(part, 'frames_asset_pointers'),
    ...listAt(part, 'frame_asset_pointers'),
  ].flatMap((pointer) =>
    typeof pointer === 'string' ? [{ asset_pointer: pointer }] : isForeign(pointer) ? [pointer] : [],
  );
  const own = textAt(part, 'asset_pointer') !== null || (textAt(part, 'content_type') ?? '').endsWith('asset_pointer');
  // A bundle whose members are all null was still a recording.
  if (bundled.length === 0) return own ? [pointerPart(part, attachments)] : [];
  const keys = [
    'audio_asset_pointer',
    'video_container_asset_pointer',
    'frames_asset_pointers',
    'frame_asset_pointers',
  ];
  const about = without(part, ...keys);
  return bundled.map((pointer, index) => {
    const stub = pointerPart(pointer, attachments);
    return index === 0 ? { ...stub, ...ifAny('bundle', about) } : stub;
  });
}

function pointerPart(pointer: Foreign, { known, used }: Attachments): AttachmentPart {
  // `file-service://file-abc`, `sediment://file_abc#page`
  const id =
    textAt(pointer, 'asset_pointer')
      ?.replace(/^[a-z-]+:\/\//, '')
      .replace(/[#?].*$/, '') ?? null;
  const listed = known.find((attachment) => attachment.id !== null && attachment.id === id);
  if (listed) used.add(listed);
  const contentType = textAt(pointer, 'content_type') ?? '';
  const kind = kinds.find(([pattern]) => pattern.test(contentType))?.[1] ?? 'file';
  const prompt = textAt(objectAt(objectAt(pointer, 'metadata'), 'dalle'), 'prompt');
  return {
    type: 'attachment',
    name: listed?.name ?? id ?? kind,
    ...ifAny('media_type', listed ? textAt(listed.raw, 'mime_type', 'mimeType') : kind === 'file' ? null : `${kind}/*`),
    ...ifAny('size_bytes', sizeAt(pointer, 'size_bytes') ?? (listed ? sizeAt(listed.raw, 'size') : null)),
    // What a picture was made from is the only text that it has.
    ...ifAny('text', prompt),
    missing: true,
    ...ifAny('extra', without({ ...listed?.raw, ...pointer }, 'name', 'mime_type', 'mimeType', 'size', 'size_bytes')),
  };
}
