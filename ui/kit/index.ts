/** The design system. Each folder is a capability with an index of its own; `styles` is imported once, by the app. */
export {};
