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

  // A browser may restore checkboxes when the page is reloaded.
  boxes.forEach(apply);
})();
