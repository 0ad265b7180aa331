import {
  createTheme,
  defaultVariantColorsResolver,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core';
import { strings } from '../lib/strings.ts';
import classes from './theme.module.css';

/** Ink blue, from washed to deep; 7 is `--accent` by day, 3 by night. */
const accent: MantineColorsTuple = [
  '#eef3fa',
  '#dfe6f0',
  '#bccfe9',
  '#94b8ea',
  '#7099d2',
  '#527db9',
  '#3c659c',
  '#2d5288',
  '#23416d',
  '#1a3050',
];
/** Warm greys by day. */
const gray: MantineColorsTuple = [
  '#f7f5f0',
  '#f0ede6',
  '#ece8df',
  '#ded9ce',
  '#cbc5b8',
  '#b9b2a4',
  '#68625a',
  '#4d4840',
  '#332f29',
  '#1f1c18',
];
/** The same paper by night, light to dark as Mantine expects. */
const dark: MantineColorsTuple = [
  '#e8e4da',
  '#bdb6a9',
  '#a39c8f',
  '#5a544b',
  '#3a3630',
  '#2f2c28',
  '#24221f',
  '#1b1a18',
  '#171614',
  '#121110',
];

/** Mantine decides on white or black text by the colour of the light theme alone; our tokens know both. */
const variantColors: VariantColorsResolver = (input) => {
  const isAccent = (input.color ?? input.theme.primaryColor) === 'accent';
  if (input.variant !== 'filled' || !isAccent) return defaultVariantColorsResolver(input);
  return {
    background: 'var(--accent)',
    hover: 'var(--accent-hover)',
    color: 'var(--accent-ink)',
    border: 'var(--hairline) solid transparent',
  };
};

const overlay = { transitionProps: { duration: 120 } };

/** Mantine in our look: the same tokens, whichever of its components draws. */
export const theme = createTheme({
  colors: { accent, gray, dark },
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 3 },
  variantColorResolver: variantColors,
  respectReducedMotion: true,
  cursorType: 'pointer',
  defaultRadius: 'sm',
  radius: { xs: '2px', sm: '4px', md: '6px', lg: '8px', xl: '12px' },
  fontFamily: 'var(--font-interface)',
  fontFamilyMonospace: 'var(--font-mono)',
  headings: { fontFamily: 'var(--font-interface)', fontWeight: '600' },
  shadows: { xs: 'none', sm: 'var(--shadow)', md: 'var(--shadow)', lg: 'var(--shadow)', xl: 'var(--shadow)' },
  components: {
    Input: { classNames: { input: classes.field ?? '' } },
    // Its hidden first element is no menu item, which assistive technology does not expect in a menu.
    Menu: { defaultProps: { shadow: 'md', withInitialFocusPlaceholder: false, ...overlay } },
    Popover: { defaultProps: { shadow: 'md', ...overlay } },
    Modal: {
      defaultProps: {
        centered: true,
        closeButtonProps: { 'aria-label': strings.app.close },
        // Its header is not the window's banner.
        attributes: { header: { role: 'none' } },
        ...overlay,
      },
    },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': strings.app.close } } },
    Tooltip: { defaultProps: { openDelay: 400, ...overlay } },
    Button: { defaultProps: { size: 'sm' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
  },
});

/** Mantine's own surface colours, pointed at the tokens of styles/tokens.css. */
export const cssVariables: CSSVariablesResolver = () => {
  const surfaces = {
    '--mantine-color-body': 'var(--paper-raised)',
    '--mantine-color-text': 'var(--ink)',
    '--mantine-color-bright': 'var(--ink)',
    '--mantine-color-dimmed': 'var(--ink-faint)',
    '--mantine-color-placeholder': 'var(--ink-faint)',
    '--mantine-color-error': 'var(--danger)',
    '--mantine-color-anchor': 'var(--accent)',
    '--mantine-color-default': 'var(--paper-raised)',
    '--mantine-color-default-hover': 'var(--hover)',
    '--mantine-color-default-color': 'var(--ink)',
    '--mantine-color-default-border': 'var(--line)',
    '--mantine-color-gray-light-hover': 'var(--hover)',
    '--mantine-color-gray-light-color': 'var(--ink-soft)',
  };
  return { variables: {}, light: surfaces, dark: surfaces };
};
