import type { Document, FindCursor } from 'mongodb';
import type { Explanation } from '../../shared/store/store.ts';

interface Stage {
  readonly stage?: string;
  readonly indexName?: string;
  readonly indexBounds?: Readonly<Record<string, readonly string[]>>;
  readonly inputStage?: Stage;
  readonly inputStages?: readonly Stage[];
}

/** The server's plan in a Store's words. The query is run for it: `candidates` counts the documents it looked at. */
export async function explainFind(cursor: FindCursor<Document>, isJudgedHere: boolean): Promise<Explanation> {
  const told = await cursor.explain('executionStats');
  const stages = flat(winningPlan(told));
  const names = stages.map(({ stage }) => stage ?? '');
  const scan = stages.find(({ indexName }) => indexName !== undefined);
  const { totalDocsExamined = 0, totalKeysExamined = 0 } = (told['executionStats'] ?? {}) as Record<string, number>;
  const isCovered = totalDocsExamined === 0 && totalKeysExamined > 0;
  return {
    plan: planOf(names, scan),
    ...(scan?.indexName !== undefined && { index: scan.indexName }),
    ...(scan?.indexBounds && { bounds: boundsOf(scan.indexBounds) }),
    candidates: Math.max(totalDocsExamined, isCovered ? totalKeysExamined : 0),
    sorted: names.some((name) => name === 'SORT' || name === 'SORT_DEFAULT' || name === 'SORT_SIMPLE'),
    judges: isCovered && !isJudgedHere ? 'rows' : 'files',
  };
}

function winningPlan(told: Document): Stage {
  const planner = (told['queryPlanner'] ?? {}) as { winningPlan?: Stage & { queryPlan?: Stage; shards?: Document[] } };
  const plan = planner.winningPlan ?? {};
  const [shard] = plan.shards ?? [];
  return plan.queryPlan ?? (shard?.['winningPlan'] as Stage | undefined) ?? plan;
}

function flat(stage: Stage): Stage[] {
  const below = [...(stage.inputStage ? [stage.inputStage] : []), ...(stage.inputStages ?? [])];
  return [stage, ...below.flatMap(flat)];
}

function planOf(names: readonly string[], scan: Stage | undefined): Explanation['plan'] {
  if (names.some((name) => /IDHACK|EXPRESS_IXSCAN/.test(name)) || scan?.indexName === '_id_') return 'id';
  if (scan === undefined) return 'scan';
  const isWhole = Object.values(scan.indexBounds ?? {}).every((each) =>
    /^\[M(?:in|ax)Key, M(?:in|ax)Key\]$/.test(each.join()),
  );
  return isWhole ? 'order' : 'index';
}

function boundsOf(bounds: Readonly<Record<string, readonly string[]>>): Record<string, string> {
  return Object.fromEntries(Object.entries(bounds).map(([field, ranges]) => [field, ranges.join(', ')]));
}
