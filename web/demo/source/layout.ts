/** A place on the stage, in pixels. */
export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Stage {
  width: number;
  height: number;
  /** Between two tiles. */
  gap: number;
}

/** Width by height, from the narrowest to the widest tile; an upright stage takes more of both. */
const shapesFor = ({ width, height }: Stage): [number, number] =>
  height > width ? [4 / 5, 11 / 5] : [4 / 3, 16 / 9];

interface Grid {
  columns: number;
  width: number;
  height: number;
}

/** The number of columns with the largest tiles of a pleasant shape, all in view at once. */
function chooseGrid(count: number, stage: Stage): Grid {
  const { width, height, gap } = stage;
  const [narrowest, widest] = shapesFor(stage);
  let best: Grid = { columns: 1, width: 0, height: 0 };
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const cellWidth = Math.max(0, (width - gap * (columns - 1)) / columns);
    const cellHeight = Math.max(0, (height - gap * (rows - 1)) / rows);
    const grid = {
      columns,
      width: Math.min(cellWidth, cellHeight * widest),
      height: Math.min(cellHeight, cellWidth / narrowest),
    };
    if (grid.width * grid.height > best.width * best.height) best = grid;
  }
  return best;
}

/** Equal tiles in the middle of the stage, the last row centred. */
export function arrangeGrid(count: number, stage: Stage): Rectangle[] {
  const { columns, width, height } = chooseGrid(count, stage);
  const rows = Math.ceil(count / columns);
  const top = (stage.height - rows * height - (rows - 1) * stage.gap) / 2;
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = row === rows - 1 ? count - row * columns : columns;
    const left = (stage.width - inRow * width - (inRow - 1) * stage.gap) / 2;
    return {
      x: left + (index % columns) * (width + stage.gap),
      y: top + row * (height + stage.gap),
      width,
      height,
    };
  });
}

/** The first tile large, and the others in a strip: beside it on a wide stage, else below it. */
export function arrangeSpotlight(count: number, stage: Stage): Rectangle[] {
  const { width, height, gap } = stage;
  if (count <= 1) return arrangeGrid(count, stage);
  const beside = width > height * 1.1;
  const strip = beside ? Math.min(300, width * 0.22) : Math.min(220, height * 0.26);
  const first = beside
    ? { x: 0, y: 0, width: width - strip - gap, height }
    : { x: 0, y: 0, width, height: height - strip - gap };
  const rest: Stage = beside ? { width: strip, height, gap } : { width, height: strip, gap };
  const offset = beside ? { x: first.width + gap, y: 0 } : { x: 0, y: first.height + gap };
  const others = arrangeGrid(count - 1, rest).map(({ x, y, ...size }) => ({
    x: x + offset.x,
    y: y + offset.y,
    ...size,
  }));
  return [first, ...others];
}
