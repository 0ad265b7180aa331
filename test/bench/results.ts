import type { ColdOpen } from './cold-open.ts';
import type { Comparison } from './compare.ts';
import type { PageFigures } from './page.ts';
import type { AppendFigures, AtOnceFigures, ImportFigures, SearchFigures } from './scenario-child.ts';
import type { SubjectName } from './subjects/subject.ts';

/** Everything measured at one size; a part is absent where it was not asked for. */
export interface SizeResults {
  readonly comparison: Comparison;
  readonly cold?: Readonly<Record<string, ColdOpen>>;
  /** Bytes of the documents as JSON, without white space. */
  readonly jsonBytes: number;
  readonly import?: ImportFigures;
  readonly search?: { readonly vault: SearchFigures; readonly sqlite: SearchFigures };
  readonly append?: { readonly vault: AppendFigures; readonly sqlite: AppendFigures };
  readonly atOnce?: { readonly vault: AtOnceFigures; readonly sqlite: AtOnceFigures };
  readonly page?: PageFigures;
  readonly rebuildMs?: number;
  /** Opening after a crash, and after an orderly end. */
  readonly reopen?: { readonly afterCrashMs: number; readonly cleanMs: number };
}

export interface Results {
  readonly date: string;
  readonly machine: { readonly cpus: number; readonly model: string; readonly node: string; readonly system: string };
  readonly options: Readonly<Record<string, unknown>>;
  readonly unavailable: Partial<Record<SubjectName, string>>;
  readonly sizes: readonly SizeResults[];
}
