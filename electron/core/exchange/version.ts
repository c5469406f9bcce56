/** Schema that this program writes and reads; a package whose `min_reader` is higher waits for an upgrade. */
export const SCHEMA_VERSION = 10
