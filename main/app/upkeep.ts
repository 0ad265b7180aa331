import type { DoctorReport, Finding, TrashBatch } from '../../shared/ipc/upkeep.ts';
import { AppError } from '../../shared/errors.ts';
import type { SearchCoverage } from '../../shared/ipc/models.ts';
import type { Clock } from '../lib/clock.ts';
import { finding } from '../store/doctor/finding.ts';
import { runDoctor } from '../store/doctor/doctor.ts';
import type { DoctorOptions, ExtraCheck } from '../store/doctor/types.ts';
import { nodeFs } from '../store/node-fs.ts';
import { createQuarantineWork, type QuarantineWork, undiscard } from '../store/quarantine-work.ts';
import { ADOPTED, listTrash } from '../store/trash-batches.ts';
import type { Vault } from '../store/types.ts';

/** What keeps a vault sound, put together: the doctor with what only the app knows, the quarantine, the trash. */
export interface Upkeep {
  doctor(options: DoctorRequest): Promise<DoctorReport>;
  readonly quarantine: QuarantineWork;
  listTrash(): Promise<TrashBatch[]>;
  /** Brings a batch back; what lives again is left as it is. Returns how many records. NOT_FOUND, NOT_SUPPORTED. */
  restoreTrash(id: string): Promise<number>;
}

export type DoctorRequest = Pick<DoctorOptions, 'repair' | 'signal' | 'onProgress'> & {
  readonly onFinding?: (finding: Finding) => void;
};

interface Ports {
  readonly vault: Vault;
  readonly clock: Clock;
  readonly coverage: () => Promise<SearchCoverage>;
  readonly rebuildSearch: () => Promise<void>;
}

export function createUpkeep(ports: Ports): Upkeep {
  const { vault, clock } = ports;
  return {
    doctor: (request) => runDoctor({ ...request, vault, clock, extraChecks: [searchCheck(ports)] }),
    quarantine: createQuarantineWork({ vault, clock }),
    async listTrash() {
      // What was deleted a moment ago is on its way there.
      await vault.settleFiles();
      return listTrash(nodeFs, vault.root);
    },
    async restoreTrash(id) {
      if (id === ADOPTED || id.startsWith('repair-')) await refuseMixed(id);
      return undiscard(vault.root, id) ? 1 : vault.restoreTrash(id);
    },
  };
}

/** These hold files as they stood before Almanac put them right: bringing them back as records would undo that. */
async function refuseMixed(id: string): Promise<never> {
  throw new AppError('NOT_SUPPORTED', 'What lies here are former versions of files that are in the vault.', {
    remedy: `Open the folder _trash/${id} in the vault and take out the file you need.`,
    details: { id },
  });
}

function searchCheck({ coverage, rebuildSearch }: Ports): ExtraCheck {
  return {
    async examine() {
      const { indexed, total, engine, state } = await coverage();
      if (state === 'failed') return [finding('search-failed', '_search', 'The search index cannot be used.')];
      if (engine === 'scan' || indexed >= total) return [];
      return [finding('search-behind', '_search', `Search covers ${indexed} of ${total} records.`)];
    },
    async repair() {
      await rebuildSearch();
      return 'The search index was built anew.';
    },
  };
}
