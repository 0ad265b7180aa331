/** Ids by which the field names the results to assistive technology. */
export const resultsElementId = 'search-results';

export function hitElementId(index: number): string {
  return `search-hit-${index}`;
}
