/** The only channels between the preload script and main. */
export const channels = {
  invoke: 'almanac:invoke',
  offerFile: 'almanac:offer-file',
  event: 'almanac:event',
} as const;
