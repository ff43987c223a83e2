const CENTI = 100;

/** Make counts hundredths of credits; null for accounts that count operations only. */
export const creditsOf = (centicredits: number | null | undefined): number | null =>
  centicredits == null ? null : centicredits / CENTI;
