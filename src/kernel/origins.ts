/**
 * Where each provider's key may go, and where it stands in a request. The provider table of the app
 * room has the same columns and a test compares them: that one is for showing, this one decides.
 * @module
 */

/** A provider as the kernel knows it. */
export interface ProviderOrigin {
  /** Where requests may go without a question; empty where every person has an address of their own. */
  readonly origin: string | undefined;
  /** The variables that may hold its key, the first that is set counts. */
  readonly variables: readonly string[];
  /** A header with `{}` where the key stands. */
  readonly placement: string;
  /** Whether it answers nothing without a key. */
  readonly requiresKey: boolean;
}
