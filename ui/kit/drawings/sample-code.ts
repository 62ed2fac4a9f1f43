/** A picture of a code, 29 × 29 modules: only ever drawn, nothing to read in it. */
export const SAMPLE_CODE =
  'M0 0h7v1h-7zM8 0h1v1h-1zM10 0h4v1h-4zM15 0h1v1h-1zM18 0h1v1h-1zM20 0h1v1h-1zM22 0h7v1h-7zM0 1h1v1h-1' +
  'zM6 1h1v1h-1zM8 1h1v1h-1zM12 1h2v1h-2zM17 1h1v1h-1zM19 1h1v1h-1zM22 1h1v1h-1zM28 1h1v1h-1zM0 2h1v1h-' +
  '1zM2 2h3v1h-3zM6 2h1v1h-1zM12 2h1v1h-1zM16 2h1v1h-1zM18 2h1v1h-1zM20 2h1v1h-1zM22 2h1v1h-1zM24 2h3v1' +
  'h-3zM28 2h1v1h-1zM0 3h1v1h-1zM2 3h3v1h-3zM6 3h1v1h-1zM8 3h1v1h-1zM11 3h1v1h-1zM14 3h2v1h-2zM18 3h1v1' +
  'h-1zM20 3h1v1h-1zM22 3h1v1h-1zM24 3h3v1h-3zM28 3h1v1h-1zM0 4h1v1h-1zM2 4h3v1h-3zM6 4h1v1h-1zM11 4h2v' +
  '1h-2zM14 4h1v1h-1zM16 4h2v1h-2zM20 4h1v1h-1zM22 4h1v1h-1zM24 4h3v1h-3zM28 4h1v1h-1zM0 5h1v1h-1zM6 5h' +
  '1v1h-1zM9 5h1v1h-1zM13 5h1v1h-1zM17 5h1v1h-1zM19 5h1v1h-1zM22 5h1v1h-1zM28 5h1v1h-1zM0 6h7v1h-7zM8 6' +
  'h1v1h-1zM10 6h1v1h-1zM12 6h1v1h-1zM14 6h1v1h-1zM16 6h1v1h-1zM18 6h1v1h-1zM20 6h1v1h-1zM22 6h7v1h-7zM' +
  '8 7h2v1h-2zM11 7h2v1h-2zM15 7h1v1h-1zM20 7h1v1h-1zM0 8h1v1h-1zM2 8h2v1h-2zM5 8h3v1h-3zM9 8h1v1h-1zM1' +
  '1 8h1v1h-1zM13 8h1v1h-1zM15 8h5v1h-5zM22 8h1v1h-1zM25 8h1v1h-1zM27 8h2v1h-2zM0 9h2v1h-2zM3 9h3v1h-3z' +
  'M8 9h1v1h-1zM10 9h1v1h-1zM13 9h2v1h-2zM16 9h1v1h-1zM20 9h3v1h-3zM24 9h1v1h-1zM26 9h1v1h-1zM0 10h4v1h' +
  '-4zM6 10h3v1h-3zM10 10h4v1h-4zM16 10h3v1h-3zM20 10h2v1h-2zM25 10h1v1h-1zM1 11h2v1h-2zM5 11h1v1h-1zM8' +
  ' 11h4v1h-4zM15 11h1v1h-1zM17 11h1v1h-1zM19 11h2v1h-2zM22 11h1v1h-1zM26 11h3v1h-3zM0 12h4v1h-4zM6 12h' +
  '1v1h-1zM9 12h4v1h-4zM14 12h1v1h-1zM18 12h1v1h-1zM20 12h3v1h-3zM24 12h2v1h-2zM27 12h1v1h-1zM0 13h2v1h' +
  '-2zM3 13h2v1h-2zM7 13h2v1h-2zM10 13h1v1h-1zM14 13h1v1h-1zM17 13h1v1h-1zM20 13h3v1h-3zM26 13h2v1h-2zM' +
  '0 14h1v1h-1zM3 14h1v1h-1zM5 14h2v1h-2zM8 14h1v1h-1zM12 14h2v1h-2zM15 14h2v1h-2zM19 14h2v1h-2zM25 14h' +
  '1v1h-1zM27 14h1v1h-1zM0 15h5v1h-5zM7 15h1v1h-1zM9 15h1v1h-1zM12 15h1v1h-1zM14 15h1v1h-1zM20 15h2v1h-' +
  '2zM24 15h1v1h-1zM0 16h1v1h-1zM2 16h1v1h-1zM4 16h4v1h-4zM9 16h1v1h-1zM12 16h1v1h-1zM14 16h1v1h-1zM17 ' +
  '16h1v1h-1zM24 16h4v1h-4zM1 17h3v1h-3zM5 17h1v1h-1zM7 17h1v1h-1zM10 17h1v1h-1zM14 17h1v1h-1zM16 17h1v' +
  '1h-1zM18 17h3v1h-3zM22 17h3v1h-3zM27 17h1v1h-1zM0 18h1v1h-1zM4 18h1v1h-1zM6 18h3v1h-3zM10 18h1v1h-1z' +
  'M13 18h3v1h-3zM17 18h2v1h-2zM21 18h1v1h-1zM23 18h3v1h-3zM28 18h1v1h-1zM7 19h5v1h-5zM13 19h3v1h-3zM18' +
  ' 19h1v1h-1zM23 19h3v1h-3zM28 19h1v1h-1zM1 20h2v1h-2zM4 20h3v1h-3zM8 20h1v1h-1zM10 20h1v1h-1zM13 20h2' +
  'v1h-2zM16 20h1v1h-1zM20 20h5v1h-5zM26 20h3v1h-3zM8 21h2v1h-2zM11 21h1v1h-1zM15 21h1v1h-1zM17 21h2v1h' +
  '-2zM20 21h1v1h-1zM24 21h1v1h-1zM27 21h1v1h-1zM0 22h7v1h-7zM8 22h3v1h-3zM12 22h1v1h-1zM14 22h4v1h-4zM' +
  '20 22h1v1h-1zM22 22h1v1h-1zM24 22h1v1h-1zM26 22h2v1h-2zM0 23h1v1h-1zM6 23h1v1h-1zM8 23h3v1h-3zM12 23' +
  'h4v1h-4zM17 23h1v1h-1zM19 23h2v1h-2zM24 23h1v1h-1zM26 23h2v1h-2zM0 24h1v1h-1zM2 24h3v1h-3zM6 24h1v1h' +
  '-1zM10 24h1v1h-1zM12 24h1v1h-1zM17 24h8v1h-8zM27 24h1v1h-1zM0 25h1v1h-1zM2 25h3v1h-3zM6 25h1v1h-1zM8' +
  ' 25h1v1h-1zM10 25h4v1h-4zM15 25h1v1h-1zM17 25h1v1h-1zM20 25h1v1h-1zM23 25h1v1h-1zM26 25h1v1h-1zM0 26' +
  'h1v1h-1zM2 26h3v1h-3zM6 26h1v1h-1zM8 26h1v1h-1zM13 26h2v1h-2zM16 26h2v1h-2zM20 26h6v1h-6zM28 26h1v1h' +
  '-1zM0 27h1v1h-1zM6 27h1v1h-1zM10 27h2v1h-2zM13 27h1v1h-1zM15 27h1v1h-1zM17 27h3v1h-3zM22 27h1v1h-1zM' +
  '24 27h5v1h-5zM0 28h7v1h-7zM8 28h5v1h-5zM14 28h1v1h-1zM17 28h1v1h-1zM20 28h1v1h-1zM22 28h2v1h-2zM26 2' +
  '8h1v1h-1z';
