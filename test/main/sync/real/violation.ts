/** A violation of what reconciling promises, with how it came to it. */
export class Violation extends Error {
  override readonly name = 'Violation';
}
