/** What the national set lacks: 24 grid, stroke 1.25, round ends. */
export const ownIcons = {
  'arrow-device': <path d="M12 3v17M5.5 14 12 20.5 18.5 14" />,
  bill: (
    <path d="M5 2.500h14v19l-2.3-1.7-2.4 1.7-2.3-1.7-2.3 1.7-2.4-1.700L5 21.500zM8.5 7.500h7M8.5 11h7M8.5 14.500h4" />
  ),
  contactless: (
    <path d="M5 9.500c.8 1.7.8 3.3 0 5M9 7.500c1.5 3 1.5 6 0 9M13 5.500c2.1 4.3 2.1 8.7 0 13M17 3.500c2.9 5.7 2.9 11.3 0 17" />
  ),
  contrast: (
    <>
      <circle cx="12" cy="12" r="9.5" />
      <path d="M12 2.500a9.5 9.5 0 0 0 0 19z" fill="currentColor" />
    </>
  ),
  globe: (
    <>
      <circle cx="12" cy="12" r="9.5" />
      <path d="M2.5 12h19M12 2.500c-5.3 5.5-5.3 13.5 0 19M12 2.500c5.3 5.5 5.3 13.5 0 19" />
    </>
  ),
  headphones: (
    <path d="M3.5 15.500V13a8.5 8.5 0 0 1 17 0v2.500M3.5 15.800c0-1 .7-1.8 1.7-1.800h1.300v7H5.200c-1 0-1.7-.8-1.7-1.700zM20.5 15.800c0-1-.7-1.8-1.7-1.800h-1.300v7h1.300c1 0 1.7-.8 1.7-1.700z" />
  ),
  keyboard: (
    <>
      <rect x="2" y="5" width="20" height="14" rx="2.5" />
      <path d="M5.5 9h.1M9 9h.1M12.500 9h.1M16 9h.1M19 9h.1M5.5 12h.1M9 12h.1M12.500 12h.1M16 12h.1M19 12h.1M8 15.500h8" />
    </>
  ),
  lower: (
    <>
      <rect x="4" y="2.5" width="16" height="19" rx="2.5" />
      <path d="M4 11h16M12 13.500v5M9.8 16.5 12 18.700l2.2-2.2" />
    </>
  ),
  minus: <path d="M5 12h14" />,
  /** Sliders: every aid at once. */
  sliders: (
    <>
      <path d="M3 6.500h8M17 6.500h4M3 12h2M11 12h10M3 17.500h10M19 17.500h2" />
      <circle cx="14" cy="6.5" r="2.6" />
      <circle cx="8" cy="12" r="2.6" />
      <circle cx="16" cy="17.5" r="2.6" />
    </>
  ),
  plus: <path d="M5 12h14M12 5v14" />,
  raise: (
    <>
      <rect x="4" y="2.5" width="16" height="19" rx="2.5" />
      <path d="M12 17.500v-10M8.8 10.5 12 7.300l3.2 3.2" />
    </>
  ),
  phone: (
    <>
      <rect x="6" y="2" width="12" height="20" rx="2.5" />
      <path d="M10.5 19h3" />
    </>
  ),
  qr: (
    <>
      <path d="M3 3h7v7H3zM14 3h7v7h-7zM3 14h7v7H3zM14 14h3.500v3.500H14zM21 14v3.500M14 21h2M19 21h2v-1.5" />
      <path
        d="M5.8 5.800h1.400v1.400H5.800zM16.8 5.800h1.400v1.400h-1.400zM5.8 16.800h1.400v1.400H5.800z"
        fill="currentColor"
      />
    </>
  ),
  shield: <path d="M12 2.5 4 5.500v6c0 5 3.4 8.4 8 10 4.6-1.6 8-5 8-10v-6zM8.3 12l2.7 2.7 4.9-5" />,
  'text-size': (
    <path d="M1.5 18.5 6 7.500l4.5 11M3.2 14.500h5.600M11 18.5 16.8 4l5.7 14.500M13.2 13.300h7.1" />
  ),
} as const;
