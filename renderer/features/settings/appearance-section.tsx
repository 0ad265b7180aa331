import { SegmentedControl, Slider } from '@mantine/core';
import { useState } from 'react';
import { ErrorState } from '../../components/error-state.tsx';
import type { Settings } from '../../../shared/ipc/models.ts';
import { strings } from '../../lib/strings.ts';
import { useMethod } from '../../lib/use-method.ts';
import { useSettingsChange } from '../../lib/use-settings-change.ts';
import classes from './appearance-section.module.css';
import { Row } from './row.tsx';
import { Section } from './section.tsx';

const texts = strings.settings.appearance;
const themes: readonly { value: Settings['theme']; label: string }[] = [
  { value: 'system', label: texts.system },
  { value: 'light', label: texts.light },
  { value: 'dark', label: texts.dark },
];
const width = { least: 50, most: 110 } as const;

/** Theme and width of the reading column. */
export function AppearanceSection() {
  const settings = useMethod('settings.get', {});
  return (
    <Section heading={texts.heading}>
      {settings.error && (
        <ErrorState title={strings.settings.failed} error={settings.error} onRetry={() => void settings.refetch()} />
      )}
      {settings.data && <AppearanceRows settings={settings.data} />}
    </Section>
  );
}

function AppearanceRows({ settings }: { readonly settings: Settings }) {
  const change = useSettingsChange();
  const [dragged, setDragged] = useState<number>();
  const shownWidth = dragged ?? settings.reading_width;
  return (
    <>
      <Row label={texts.theme}>
        <SegmentedControl
          aria-label={texts.theme}
          data={[...themes]}
          value={settings.theme}
          onChange={(theme) => void change({ theme })}
        />
      </Row>
      <Row label={texts.width} hint={texts.widthHint}>
        <Slider
          thumbLabel={texts.width}
          label={null}
          min={width.least}
          max={width.most}
          value={shownWidth}
          onChange={setDragged}
          onChangeEnd={(characters) => {
            setDragged(undefined);
            void change({ reading_width: characters });
          }}
        />
        <div className={classes.width}>{texts.widthValue(shownWidth)}</div>
      </Row>
      <p className={classes.sample} style={{ maxWidth: `${shownWidth}ch` }}>
        {texts.sample}
      </p>
    </>
  );
}
