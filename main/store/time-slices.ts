export { createTimeSlices, type TimeSlices } from '../lib/time-slices.ts';
