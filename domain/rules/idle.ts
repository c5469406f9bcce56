/** Minutes without a key or the mouse after which a window locks itself (DOMAIN.md section 8.3: idle timeout). */
export const IDLE_LOCK_MINUTES = 10
