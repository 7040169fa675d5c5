/** The marks of a type: what its value means, as plain data beside its form. `meaning.ts` puts them there. */

/** The marks of a type. Each is plain data that tools read: commands, documents, redaction, the client. */
export interface Meaning {
  /**
   * What it stands for. `own-flags`: flags of the object as a whole, each of which can be a word of its own. `ifname`:
   * the name of an interface.
   */
  readonly meaning?: 'own-flags' | 'ifname'
  /** The member beside this one of which this one is the mask (see `maskOf`). */
  readonly maskOf?: string
}
