/** Exit status of a terminal that wants to be started again: settings that need it, or an order. A supervisor does so at once. */
export const EXIT_RESTART = 76;
