/**
 * Leads people through every screen of the demo, and has each looked at: `look(person, screen)`.
 * `wishes` are those of `Person.arrive`.
 */
export async function visitScreens({ arrive }, wishes, look) {
  // Without motion: nothing that is looked at is on its way.
  const options = { reducedMotion: 'reduce', ...wishes };
  const ada = await arrive('Ada', options);
  const ben = await arrive('Ben', options);
  await visitDoor(ada, ben, look);
  await visitPanels(ada, ben, look);
  await visitMenus(ada, look);
}

async function visitDoor(ada, ben, look) {
  await look(ada, 'lobby');
  const room = await ada.open();
  await look(ada, 'call, alone');
  await ben.ask(room);
  await ben.see('waiting').waitFor();
  await look(ben, 'waiting');
  await ada.seesAsking(ben);
  await look(ada, 'call, somebody asks');
  await ada.accept(ben);
  await ada.seesExactly(ben);
  await ada.tileOf(ben).getByTestId('tile-quality').waitFor();
  await look(ada, 'call, with others');
}

async function visitPanels(ada, ben, look) {
  await ben.press('hand');
  await ada.tileOf(ben).getByTestId('tile-hand').waitFor();
  await ada.write('Hello, Ben: https://example.org/a-page-whose-address-is-long/and-longer');
  await look(ada, 'chat');
  await ada.see('open-people').click();
  await look(ada, 'people');
  await ben.see('open-people').click();
  await look(ben, 'people, of a guest');
  await ada.see('person').filter({ hasText: 'Ben' }).getByTestId('kick').click();
  await look(ada, 'removal');
  await ada.see('kick-cancel').click();
  await ada.see('open-people').click();
}

async function visitMenus(ada, look) {
  if (await ada.see('open-reactions').isVisible()) {
    await ada.see('open-reactions').click();
    await look(ada, 'reactions');
  }
  await ada.see('open-more').click();
  await look(ada, 'more');
  await ada.see('open-devices').click();
  await look(ada, 'devices');
  await ada.see('close-devices').click();
  await ada.page.keyboard.press('?');
  await ada.see('shortcuts-dialog').waitFor();
  await look(ada, 'shortcuts');
  await ada.see('close-shortcuts').click();
}
