/** The shell offers nothing to other parts: it is started, not imported. */
export {};
