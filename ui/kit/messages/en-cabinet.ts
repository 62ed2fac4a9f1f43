/** The words about the cabinet (power, door), English. */
export const enCabinet = {
  'problem.power-failing': 'The power is failing',
  'problem.power-failing-lead':
    'I finish what is open and begin nothing new. Come back when the power is on.',
  'problem.door-open': 'The terminal is open for a check',
  'problem.door-open-lead': 'As long as it is open you cannot pay here. Try again in a few minutes.',
} as const;
