import type { VaultStatus } from '../../shared/ipc/models.ts';
import type { AppParts } from './parts.ts';

export async function vaultStatus({
  vault,
  search,
  team,
}: Pick<AppParts, 'vault' | 'search' | 'team'>): Promise<VaultStatus> {
  const counts = await vault.counts();
  const health = vault.health();
  return {
    vault: vault.root,
    format: vault.format,
    collections: Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, { count }])),
    search: search.coverage(),
    owner: vault.owner(),
    mode: team.mode(),
    quarantined: quarantined(vault),
    read_only: vault.readOnly,
    trouble: health.state === 'ok' ? null : health,
  };
}

/** A disk that does not answer must not keep the person from hearing of it. */
function quarantined(vault: AppParts['vault']): number {
  try {
    return vault.quarantine().length;
  } catch {
    return 0;
  }
}
