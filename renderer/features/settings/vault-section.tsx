import { Button, CopyButton, Group } from '@mantine/core';
import { IconCheck, IconCopy, IconFolderOpen } from '@tabler/icons-react';
import { isCollectionName, isInternal } from '../../../shared/collections/registry.ts';
import type { VaultStatus } from '../../../shared/ipc/models.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { showError } from '../../components/notify.tsx';
import { useClient } from '../../lib/client-context.ts';
import { formatDateTime, formatNumber } from '../../lib/format.ts';
import { strings } from '../../lib/strings.ts';
import { useMethod } from '../../lib/use-method.ts';
import { Row } from './row.tsx';
import { Section } from './section.tsx';
import classes from './vault-section.module.css';

const texts = strings.settings.vault;

/** Where the files are, how many records there are, who has the vault open. */
export function VaultSection() {
  const status = useMethod('vault.status', {});
  return (
    <Section heading={texts.heading}>
      {status.error && (
        <ErrorState title={strings.settings.failed} error={status.error} onRetry={() => void status.refetch()} />
      )}
      {status.data && <VaultRows status={status.data} />}
    </Section>
  );
}

function VaultRows({ status }: { readonly status: VaultStatus }) {
  const { host } = useClient();
  return (
    <>
      <Row label={texts.folder} hint={texts.folderHint}>
        <code className={classes.path}>{status.vault}</code>
        <Group gap="xs" mt="xs">
          {host === 'desktop' && <RevealButton />}
          <CopyPathButton path={status.vault} />
        </Group>
        {host === 'web' && <p className={classes.note}>{texts.revealWeb}</p>}
      </Row>
      <Row label={texts.counts}>
        <Counts collections={status.collections} />
      </Row>
      <Row label={texts.quarantined}>
        {status.quarantined === 0 ? texts.quarantinedNone : texts.quarantinedSome(status.quarantined)}
      </Row>
      <Row label={texts.owner}>{ownerText(status)}</Row>
    </>
  );
}

function RevealButton() {
  const client = useClient();
  return (
    <Button
      variant="default"
      size="xs"
      leftSection={<IconFolderOpen size={16} />}
      onClick={() => void client.call('vault.reveal', {}).catch(showError)}
    >
      {texts.reveal}
    </Button>
  );
}

function CopyPathButton({ path }: { readonly path: string }) {
  return (
    <CopyButton value={path}>
      {({ copied, copy }) => (
        <Button
          variant="default"
          size="xs"
          leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
          onClick={copy}
        >
          {copied ? texts.copied : texts.copy}
        </Button>
      )}
    </CopyButton>
  );
}

function Counts({ collections }: Pick<VaultStatus, 'collections'>) {
  return (
    <dl className={classes.counts}>
      {Object.entries(collections)
        .filter(isShown)
        .map(([name, { count }]) => (
          <div key={name}>
            <dt>{strings.settings.collectionNames[name] ?? name}</dt>
            <dd>{formatNumber(count)}</dd>
          </div>
        ))}
    </dl>
  );
}

/** Almanac's own bookkeeping is no record of the person's. */
function isShown([name]: readonly [string, unknown]): boolean {
  return !isCollectionName(name) || !isInternal(name);
}

function ownerText({ owner, read_only: isReadOnly }: VaultStatus): string {
  const who = owner ? texts.ownerValue(owner.pid, owner.host, formatDateTime(owner.since)) : texts.ownerNone;
  return isReadOnly ? `${who}. ${texts.readOnly}` : who;
}
