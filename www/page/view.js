// How a page looks on the device that shows it: times in its zone, the summary of the order open where there is room.

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

/** On a phone the result and the card come first. On paper everything is open. */
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
