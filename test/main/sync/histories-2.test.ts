import { testHistories } from './histories.ts';

testHistories(10_001, 10_000);
