import { LOCAL_SUBJECT, LOCAL_TENANT } from './audited-writes.ts';
import type { Whose } from './profiles.ts';
import type { KnownMemory } from './recall.ts';

/** Whose a memory is: the person at this machine where it does not say. */

type Owned = Pick<KnownMemory, 'subject' | 'tenant'>;

export function whoseIs({ subject = LOCAL_SUBJECT, tenant = LOCAL_TENANT }: Owned): Whose {
  return { subject, tenant };
}

export function isSameOwner(a: Owned, b: Owned): boolean {
  const [one, other] = [whoseIs(a), whoseIs(b)];
  return one.subject === other.subject && one.tenant === other.tenant;
}

export function ownerOf(given: { readonly subject?: string; readonly tenant?: string }): Whose {
  return { subject: given.subject ?? LOCAL_SUBJECT, tenant: given.tenant ?? LOCAL_TENANT };
}
