/**
 * Faults put into the protocol on purpose, each a change of a source's text (reliability.md §3.12). The histories have to
 * find each, else they prove nothing.
 */
export interface Mutant {
  readonly name: string;
  /** Below the project's folder. */
  readonly file: string;
  /** Stands there once. */
  readonly from: string;
  readonly to: string;
  /** The invariants that may catch it. */
  readonly by: RegExp;
  /** The seed to begin with, where it is not the first. */
  readonly first?: number;
}

export const mutants: readonly Mutant[] = [
  {
    name: 'the server wins',
    file: 'main/sync/merge.ts',
    from: "  if (mine._meta.rev === theirs._meta.rev) return { outcome: 'theirs', clash: null };",
    to: "  if (base !== undefined) return { outcome: 'theirs', clash: null };",
    by: /I1:/,
  },
  {
    name: 'the last writer wins as a whole',
    file: 'main/sync/merge.ts',
    from: "  if (definition.merge === 'immutable')",
    to: "  if (winner !== null) return { outcome: winner, clash: null };\n  if (definition.merge === 'immutable')",
    by: /I1:/,
  },
  {
    name: 'no conflict records',
    file: 'main/sync/apply-plan.ts',
    from: "if (clash !== null && collection !== 'conflicts')",
    to: "if (clash !== null && collection === 'conflicts')",
    by: /I1:/,
  },
  {
    name: 'deletions beat edits',
    file: 'main/sync/merge.ts',
    from: 'const edited = mine._meta.del ? theirs : mine;',
    to: 'const edited = mine._meta.del ? mine : theirs;',
    by: /I1:/,
  },
  {
    name: 'lost history is skipped',
    file: 'main/sync/rounds.ts',
    from: 'session.needsDigest ||= (this.streams ? resume_token : poll_cursor) === null;',
    to: '',
    by: /I5:|I2:/,
  },
  {
    name: 'the token is remembered before the data',
    file: 'main/sync/pull.ts',
    from: '  await applyHints(session, news, token',
    to: '  if (token !== null) await commit(session, { steps: [], state: { resume_token: token } });\n  await applyHints(session, news, token',
    by: /I5:|I2:/,
  },
  {
    name: 'pushed without comparing',
    file: 'test/main/sync/fake-server.ts',
    from: "  if (expect.kind === 'absent') return held === undefined;",
    to: '  if (held !== undefined) return true;',
    by: /I3:/,
  },
  {
    name: 'merged two-way',
    file: 'main/sync/decide.ts',
    from: "{ kind: 'merge', base: state.baseRecord }",
    to: "{ kind: 'merge', base: null }",
    by: /I7:/,
  },
  {
    name: 'the digest counts unsent edits',
    file: 'test/main/sync/fake-local.ts',
    from: 'const lanes = lanesOf(id, base.rev);',
    to: 'const lanes = lanesOf(id, this.row(collection, id).record?._meta.rev ?? base.rev);',
    by: /I8:|I11:/,
  },
  {
    name: 'the wall clock decides',
    file: 'main/lib/hlc.ts',
    from: '      if (nowMs > lastMs) [lastMs, counter] = [nowMs, 0];',
    to: '      if (nowMs !== lastMs) [lastMs, counter] = [nowMs, 0];',
    by: /I10:/,
  },
  {
    name: 'versions carry no ancestors',
    file: 'main/records/meta.ts',
    from: '[before.rev, ...before.anc].slice(0, MAX_ANCESTORS)',
    to: '[]',
    by: /I7:|I9:|I2:/,
  },
  {
    name: 'what was pushed is believed without reading back',
    file: 'main/sync/push.ts',
    from: 'stands.get(record.id) === record._meta.rev)',
    to: 'stands.get(record.id) !== undefined)',
    by: /I5:/,
  },
  {
    name: 'documents by other programs are not adopted',
    file: 'main/sync/read-remote.ts',
    from: '    await remote.adopt(collection, foreign);',
    to: '',
    by: /is not adopted/,
  },
  {
    name: 'another program’s edit is overwritten',
    file: 'test/main/sync/fake-server.ts',
    from: 'return expect.base === null || isSameJson(body, bodyOf(expect.base));',
    to: 'return true;',
    by: /I3:/,
  },
  {
    name: 'a private record is pushed',
    file: 'test/main/sync/fake-local.ts',
    from: 'return { local: standIn ?? null, base, baseRecord, withheld: true };',
    to: 'return { local: record, base, baseRecord };',
    by: /privacy:/,
  },
  {
    name: 'a record that stays on its device is pushed',
    file: 'test/main/sync/fake-local.ts',
    from: "return record['scope'] === 'private' || record['scope'] === 'device';",
    to: "return record['scope'] === 'private';",
    by: /privacy:/,
  },
  {
    name: 'an app that is too old writes',
    file: 'main/sync/push.ts',
    from: '  if (session.readOnly.has(collection)) return;\n  let settling',
    to: '  let settling',
    by: /fence:/,
  },
  {
    name: 'an app that is too old reads',
    file: 'main/sync/session.ts',
    from: '.filter((name) => !hidden.has(name))',
    to: '.filter((name) => hidden.has(name) || !hidden.has(name))',
    by: /fence:/,
  },
  {
    name: 'another database is taken for the one that is known',
    file: 'main/sync/negotiate.ts',
    from: "  if (store.store_id !== state.store_id) return { kind: 'other-store' };",
    to: '',
    by: /I2:/,
  },
  {
    name: 'one unreadable document stops its batch',
    file: 'main/sync/apply-plan.ts',
    from: "  } else if ('poison' in found) {",
    to: "  } else if ('poison' in found) {\n    throw new Error(found.poison);",
    by: /JSON/,
  },
  {
    name: 'a server that went back is followed',
    file: 'main/sync/decide.ts',
    from: "if (local._meta.anc.includes(rev) || base?.anc.includes(rev)) return { kind: 'keep' };",
    to: "if (local._meta.anc.includes(rev) || base?.anc.includes(rev)) return { kind: 'take' };",
    by: /I1:/,
  },
  {
    name: 'what the server lost is not pushed again',
    file: 'main/sync/apply-plan.ts',
    from: '    plan.steps.push({ collection, id, base: null, ...ownVersion(state) });\n    return;',
    to: '    return;',
    by: /I2:|I8:|I9:/,
  },
  {
    name: 'damaged sums are not made anew',
    file: 'main/sync/reconcile-all.ts',
    from: 'for (const bucket of unexplained) await repair(session, collection, bucket);',
    to: 'void repair;',
    by: /I8:/,
  },
  {
    name: 'one record whose key is taken in the vault stops its batch',
    file: 'main/sync/apply-remote.ts',
    from: '  for (const refusal of result.refused) refusals.set(refusal.id, refusal);',
    to: '',
    by: /I2:|I9:/,
  },
  {
    name: 'one record that the server refuses ends the writing of its collection',
    file: 'main/sync/push.ts',
    from: "    if (refusal.kind === 'forbidden') {",
    to: '    if (refusal.kind !== undefined) {',
    by: /I2:|I9:/,
  },
  {
    name: 'a record that was too large once is not sent when it has been put right',
    file: 'main/sync/push.ts',
    from: 'isWaiting(entry, local._meta.rev, session.clock.now())) continue;',
    to: 'entry !== undefined) continue;',
    by: /I2:|I9:/,
    first: 11_320,
  },
  {
    name: 'an edit goes with the tombstone that was swept up',
    file: 'main/sync/missing.ts',
    from: "  if (local._meta.rev !== base.rev) return 'lost';",
    to: '',
    by: /I1:/,
  },
  {
    name: 'what was swept up is remembered as if it still stood there',
    file: 'main/sync/missing.ts',
    from: "  if (local._meta.del) return 'gone';",
    to: "  if (local._meta.del) return 'nothing';",
    by: /I8:|I2:/,
  },
];
