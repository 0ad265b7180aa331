import { Button } from '@mantine/core';
import { useWindowActions } from '../../app/window-actions.ts';
import { strings } from '../../lib/strings.ts';
import classes from './welcome-page.module.css';

interface WelcomePageProps {
  /** The vault's folder, to be shown. */
  readonly vault: string;
  readonly onDismiss: () => void;
}

const texts = strings.welcome;

/** The first run: what this is, where the files are, and the two ways to begin. */
export function WelcomePage({ vault, onDismiss }: WelcomePageProps) {
  const { openImport, createConversation } = useWindowActions();
  return (
    <div className={classes.page}>
      <div className={classes.sheet}>
        <h1 className={classes.heading}>{texts.heading}</h1>
        {texts.paragraphs.map((paragraph) => (
          <p key={paragraph} className={classes.text}>
            {paragraph}
          </p>
        ))}
        <p className={classes.folder}>
          {texts.folder} <code>{vault}</code>
        </p>
        <div className={classes.ways}>
          <div>
            <Button onClick={() => openImport()}>{texts.import}</Button>
            <p className={classes.hint}>{texts.importHint}</p>
          </div>
          <div>
            <Button variant="default" onClick={createConversation}>
              {texts.write}
            </Button>
            <p className={classes.hint}>{texts.writeHint}</p>
          </div>
        </div>
        <p className={classes.hint}>{texts.drop}</p>
        <button type="button" className={classes.skip} onClick={onDismiss}>
          {texts.skip}
        </button>
      </div>
    </div>
  );
}
