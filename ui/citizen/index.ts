/** The citizen's screen is a page, not a library: `vite build ui/citizen` makes it, a runtime serves it. */
export {};
