import { IconAlertTriangle } from '@tabler/icons-react';
import type { Trouble } from '../../../shared/ipc/models.ts';
import { Banner } from '../../components/banner.tsx';
import { formatDateTime } from '../../lib/format.ts';
import { strings } from '../../lib/strings.ts';
import { useMethod } from '../../lib/use-method.ts';

const words = strings.trouble;

/** Stands over the whole window while the vault cannot do all it should, and goes by itself when it can. */
export function TroubleBanner() {
  const status = useMethod('vault.status', {});
  const trouble = status.data?.trouble;
  if (!trouble) return null;
  const { title, safe } = words[trouble.state];
  return (
    <Banner
      label={words.label}
      icon={IconAlertTriangle}
      tone={trouble.state === 'files_behind' ? 'calm' : 'danger'}
      title={title}
      detail={`${trouble.message} (${words.since(formatDateTime(trouble.since))})`}
    >
      {safe} <strong>{remedyOf(trouble)}</strong>
    </Banner>
  );
}

function remedyOf({ state, code }: Trouble): string {
  if (state === 'gone' || state === 'lost') return words.remedies[state];
  return code === 'DISK_FULL' ? words.remedies.full : words.remedies.disk;
}
