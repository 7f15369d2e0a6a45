/** Marks collections whose versions are told apart by identity alone: another one is made only when something in it has changed. */
export const VERSIONED: unique symbol = Symbol('rivulet.versioned')
