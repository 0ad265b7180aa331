import { IconPhoto } from '@tabler/icons-react';
import { strings } from '../../lib/strings.ts';
import classes from './markdown.module.css';
import { SafeLink } from './safe-link.tsx';
import { placeOf, safeUrl } from './safe-url.ts';
import { withVisibleControls } from './visible-controls.tsx';

export interface ImageStubProps {
  readonly address: string;
  readonly alt: string;
}

const longestShown = 300;

/** Stands for an image. It is not loaded: its server would learn who reads this, and when. The address opens by click. */
export function ImageStub({ address, alt }: ImageStubProps) {
  const place = placeOf(address);
  const shown = address.length > longestShown ? `${address.slice(0, longestShown)}…` : address;
  return (
    <span className={classes.imageStub}>
      <IconPhoto size={16} stroke={1.5} aria-hidden />
      <span>{strings.markdown.image(withVisibleControls(alt), place)}</span>
      {shown !== '' && (
        <span className={classes.imageAddress}>
          {safeUrl(address) === undefined ? withVisibleControls(shown) : <SafeLink href={address}>{shown}</SafeLink>}
        </span>
      )}
    </span>
  );
}
