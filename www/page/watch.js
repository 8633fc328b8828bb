// Polls the shop while an order waits for its payment. The shop sets the interval.

/** Milliseconds until the next attempt when the shop cannot be reached; doubled each time. */
const LOST = 4000;
const LONGEST = 60_000;

/**
 * @param {HTMLElement} place with the address to ask at, what is known, and milliseconds to the first look
 */
export function watch(place) {
  const { watch: url = '', tag, wait } = place.dataset;
  let lost = LOST;

  const look = async () => {
    // A hidden page polls once it is visible again.
    if (document.hidden) {
      document.addEventListener('visibilitychange', look, { once: true });
      return;
    }
    let next;
    try {
      const reply = await fetch(url, { headers: { accept: 'application/json' } });
      const news = await reply.json();
      if (news.tag !== tag) {
        show(place);
        return;
      }
      next = news.wait ?? LONGEST;
      lost = LOST;
    } catch {
      next = lost;
      lost = Math.min(lost * 2, LONGEST);
    }
    setTimeout(look, next);
  };
  setTimeout(look, Number(wait));
}

/** Shows the news. If the customer is filling in a form for another way to pay, it only announces them. @param {HTMLElement} place */
function show(place) {
  const again = document.querySelector('details.again');
  const note = place.querySelector('[data-news]');
  if (again instanceof HTMLDetailsElement && again.open && note instanceof HTMLElement) {
    note.setAttribute('role', 'alert');
    note.hidden = false;
    return;
  }
  // Without the query, which names earlier news.
  location.replace(location.pathname);
}
