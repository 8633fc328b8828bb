// Adapts the page to the device: times in its time zone, the order summary open where there is room.

const ROOM = '(min-width: 52rem)';

/** Writes times in the customer's own zone, and names it. @param {string} locale */
export function showTimes(locale) {
  const format = new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
  });
  for (const place of document.querySelectorAll('time[data-zone]')) {
    place.textContent = format.format(new Date(place.getAttribute('datetime') ?? ''));
  }
}

/** Closed on a phone, where the result and the card come first; open on paper. */
export function openSummary() {
  const summary = document.querySelector('details.summary');
  if (!(summary instanceof HTMLDetailsElement)) return;
  const room = matchMedia(ROOM);
  const fit = () => {
    summary.open = room.matches;
  };
  fit();
  room.addEventListener('change', fit);
  addEventListener('beforeprint', () => {
    summary.open = true;
  });
}
