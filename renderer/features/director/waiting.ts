/** States in which a matter waits for the director to give it to somebody: list and count beside the desk agree. */
export const TO_ASSIGN: readonly string[] = ['registered', 'accepted', 'reopened']
