export {
  LEAST_CONFIDENCE as leastConfidence,
  LEAST_STORED as leastKept,
} from '../../../shared/memory/least-confidence.ts';
