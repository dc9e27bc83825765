import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { COURSE_PHOTOS, isCoursePhoto, urlsOf } from '@conjugate/segmentation/course-photos'
import type { Get } from '@conjugate/segmentation/download'
import { describe as describeError } from '@conjugate/segmentation/errors'
import { bundledPhoto, findPhoto, nameOf, type PhotoSources } from '@conjugate/segmentation/photos'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { IMAGES, isAbsent, useFolder } from './support.js'

const folder = useFolder()

const noNetwork: Get = () => Promise.reject(new TypeError('fetch failed', { cause: new Error('no route to host') }))

const answering =
  (status: number, bytes: Uint8Array, asked: string[] = []): Get =>
  url => {
    asked.push(url)
    return Promise.resolve({ status, bytes })
  }

const sources = (changes: Partial<PhotoSources> = {}): PhotoSources => ({
  folder: undefined,
  cache: folder.path('cache'),
  get: noNetwork,
  ...changes,
})

const complaint = async (photo: string, from: PhotoSources): Promise<string> => {
  const found = await findPhoto(photo, from)()
  return E.isLeft(found) ? describeError(found.left) : 'no complaint'
}

describe('findPhoto', () => {
  it('reads a file by its path', async () => {
    await writeFile(folder.path('some.png'), 'bytes')
    expect(await findPhoto(folder.path('some.png'), sources())()).toEqual(E.right(Buffer.from('bytes')))
  })

  it('explains a path that leads to no file', async () => {
    await writeFile(folder.path('empty.png'), '')
    expect(await complaint(folder.path('none.png'), sources())).toBe(
      'no such file; give the path of a photo, or one of the names fox, cow, owl, zebra',
    )
    expect(await complaint(folder.path('empty.png/deeper.png'), sources())).toContain('no such file')
    expect(await complaint(folder.path('empty.png'), sources())).toBe('the file is empty')
    expect(await complaint(folder.path(), sources())).toBe('is not a file; give the path of a picture')
    expect(await complaint('constructor', sources())).toContain('no such file')
  })

  it("takes the user's own file of that name as it is", async () => {
    await writeFile(folder.path('fox.png'), 'my own fox')
    const found = await findPhoto('fox', sources({ folder: folder.path() }))()
    expect(found).toEqual(E.right(Buffer.from('my own fox')))
  })

  it('says what to do without a network', async () => {
    expect(await complaint('fox', sources({ folder: folder.path() }))).toBe(
      'cannot be downloaded (no route to host); give the path of a photo, ' +
        'or set CONJUGATE_IMAGES to a folder that holds fox.png',
    )
  })

  it('refuses what is not the photo, and keeps none of it', async () => {
    expect(await complaint('fox', sources({ get: answering(200, Buffer.from('a cat')) }))).toMatch(
      /^what https:\/\/raw\.githubusercontent\.com\/.*\/fox\.png holds is not the course's photo/,
    )
    expect(await readdir(folder.path())).toEqual([])
  })

  it('tries each place where the photo may be', async () => {
    const asked: string[] = []
    expect(await complaint('owl', sources({ get: answering(404, new Uint8Array(), asked) }))).toContain(
      'the course no longer offers it',
    )
    expect(asked).toEqual(urlsOf('owl'))
    expect(await complaint('owl', sources({ get: answering(503, new Uint8Array()) }))).toContain('answered 503')
  })
})

describe.skipIf(isAbsent(IMAGES))('a download (needs the course photos in CONJUGATE_IMAGES)', () => {
  it.each(COURSE_PHOTOS)('of %s is kept for the next time', async photo => {
    const bytes = await readFile(join(IMAGES, `${photo}.png`))
    expect(await findPhoto(photo, sources({ get: answering(200, bytes) }))()).toEqual(E.right(bytes))
    expect(await readdir(folder.path('cache'))).toEqual([`${photo}.png`])
    expect(await findPhoto(photo, sources())()).toEqual(E.right(bytes))
  })

  it('replaces a damaged file in the cache', async () => {
    const bytes = await readFile(join(IMAGES, 'owl.png'))
    await mkdir(folder.path('cache'))
    await writeFile(folder.path('cache/owl.png'), bytes.subarray(0, 1000))
    expect(await findPhoto('owl', sources({ get: answering(200, bytes) }))()).toEqual(E.right(bytes))
    expect(await readFile(folder.path('cache/owl.png'))).toEqual(bytes)
  })

  it('does not need a cache that can be written', async () => {
    const bytes = await readFile(join(IMAGES, 'owl.png'))
    await writeFile(folder.path('file'), '')
    const from = sources({ cache: folder.path('file/cache'), get: answering(200, bytes) })
    expect(await findPhoto('owl', from)()).toEqual(E.right(bytes))
  })
})

describe('the other sources', () => {
  it('come with the installation', async () => {
    const photo = await bundledPhoto()
    expect(E.isRight(photo) && photo.right.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]))
  })

  it('are known by name', () => {
    expect(COURSE_PHOTOS.every(isCoursePhoto)).toBe(true)
    expect(isCoursePhoto('toString')).toBe(false)
    expect(nameOf('a/b/photo.one.jpeg')).toBe('photo.one')
    expect(nameOf('fox')).toBe('fox')
    expect(nameOf('a/new\nline\u0007.png')).toBe('new-line-')
    expect(Buffer.byteLength(nameOf(`${'ä€👩'.repeat(60)}.png`))).toBeLessThanOrEqual(235)
  })
})
