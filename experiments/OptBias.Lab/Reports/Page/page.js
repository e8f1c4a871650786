(() => {
  // One checkbox for each optimizer switches its marks in all figures, and fades its rows in all tables.
  const boxes = [...document.querySelectorAll('.legend input')];
  const marked = name => document.querySelectorAll(`[data-optimizer="${CSS.escape(name)}"]`);
  const apply = box => marked(box.value).forEach(element => element.classList.toggle('off', !box.checked));
  boxes.forEach(box => box.addEventListener('change', () => apply(box)));

  // Pointing at a name brings its marks forward.
  for (const box of boxes) {
    const label = box.closest('label');
    const dim = on => document.querySelectorAll('svg g[data-optimizer]').forEach(
      group => group.classList.toggle('dim', on && group.dataset.optimizer !== box.value));
    label.addEventListener('mouseenter', () => dim(true));
    label.addEventListener('mouseleave', () => dim(false));
  }

  document.querySelectorAll('.legend button').forEach(button => button.addEventListener('click', () => {
    boxes.forEach(box => { box.checked = button.value === 'all'; apply(box); });
  }));

  // The value of the mark nearest to the pointer, or to a finger, which a mark of six pixels would escape.
  const tip = document.createElement('div');
  tip.className = 'tip';
  tip.hidden = true;
  document.body.append(tip);
  const reach = 22;
  const show = (svg, x, y) => {
    let best = reach, text = '';
    for (const mark of svg.querySelectorAll('g:not(.off) [data-tip]')) {
      const box = mark.getBoundingClientRect();
      const distance = Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom));
      if (distance < best)
        [best, text] = [distance, mark.dataset.tip];
    }
    tip.hidden = text === '';
    tip.textContent = text;
    tip.style.left = `${Math.max(4, Math.min(x + 14, innerWidth - tip.offsetWidth - 4))}px`;
    tip.style.top = `${y + 18 + tip.offsetHeight > innerHeight ? y - tip.offsetHeight - 12 : y + 18}px`;
  };
  document.querySelectorAll('figure svg').forEach(svg => {
    // The browser's own tooltips would show the same a second later.
    svg.querySelectorAll('title').forEach(title => {
      title.parentNode.dataset.tip = title.textContent;
      title.parentNode.setAttribute('aria-label', title.textContent);
      title.remove();
    });
    svg.addEventListener('pointermove', event => show(svg, event.clientX, event.clientY));
    svg.addEventListener('pointerdown', event => show(svg, event.clientX, event.clientY));
    svg.addEventListener('pointerleave', () => { tip.hidden = true; });
  });

  // A browser may restore checkboxes when the page is reloaded.
  boxes.forEach(apply);
})();
