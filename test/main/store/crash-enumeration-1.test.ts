import { enumerateQuarter } from './crash-quarter.ts';

enumerateQuarter(1);
