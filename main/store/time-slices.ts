export { type ClockedSlices, createTimeSlices, type TimeSlices } from '../lib/time-slices.ts';
