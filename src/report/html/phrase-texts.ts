/**
 * What a run says about itself in summary.json: the sentences as they are there, and in the report's other languages.
 *
 * A `{name}` stands for whatever the sentence has in its place.
 * @module
 */
import type { Language } from './payload.ts';

/** Sentences that begin alike stand in the order in which they are to be tried. */
export const PHRASES: readonly Readonly<Record<Language, string>>[] = [
  {
    en: 'percentiles {low} and {high} of all valid annual values in the processed extent, all years',
    zh: '处理范围内所有年份全部有效年值的第{low}和第{high}百分位数',
  },
  {
    en: 'percentiles {low} and {high} of all valid annual values in zone {zone}, all years',
    zh: '分区{zone}内所有年份全部有效年值的第{low}和第{high}百分位数',
  },
  { en: 'given with --fvc', zh: '由 --fvc 给定' },
  { en: 'mean FVC of the reference zones ({zones}) in the same year', zh: '参考区（{zones}）同年的平均 FVC' },
  { en: 'mean FVC of the reference zone ({zones}) in the same year', zh: '参考区（{zones}）同年的平均 FVC' },
  { en: 'mean FVC of zone {zone} in the same year', zh: '分区{zone}同年的平均 FVC' },
  { en: 'median FVC of each pixel in {years}', zh: '各像元在{years}年的 FVC 中位数' },
  {
    en: 'the commonest grid: {some} of {all} scenes, {others} resampled onto it',
    zh: '最常见的格网：{all}景中的{some}景，{others}景重采样到该格网',
  },
  { en: 'the commonest grid: {some} of {all} scenes', zh: '最常见的格网：{all}景中的{some}景' },
  {
    en: 'Zones {a} and {b} overlap by an unknown area ({problem}): each counts it, totals count it once',
    zh: '分区 {a} 与 {b} 重叠，面积未知（{problem}）：各自计入，合计只计一次',
  },
  {
    en: 'Zones {a} and {b} overlap by {size}: each counts it, totals count it once',
    zh: '分区 {a} 与 {b} 重叠 {size}：各自计入，合计只计一次',
  },
  { en: '… and {more} more pairs of zones overlap', zh: '……另有 {more} 对分区重叠' },
  {
    en: 'Zone {zone}: {size} lie beyond the scenes and are counted as no data',
    zh: '分区 {zone}：{size} 位于影像之外，计为无数据',
  },
  { en: '… and {more} more zones lie beyond it in part', zh: '……另有 {more} 个分区部分位于影像之外' },
  {
    en: 'The role "{role}" is none of mine, impact, reference: its zones are reported as they are',
    zh: '角色“{role}”不是 mine、impact、reference 之一：其分区照原样列出',
  },
  {
    en: '{n} years cannot reach 95 % significance: the smallest p there can be is {p}',
    zh: '{n} 年的数据达不到 95 % 显著性：可能的最小 p 值为 {p}',
  },
  {
    en: '{n} years cannot show anything at a false discovery rate of {rate}: their smallest p is {p}',
    zh: '错误发现率为 {rate} 时，{n} 年的数据显示不出任何趋势：其最小 p 值为 {p}',
  },
  {
    en: '{n} years cannot show anything by shuffling them: even a perfect trend is as strong in {p} of their orders',
    zh: '重排 {n} 年的次序显示不出任何趋势：即使是完美的趋势，在 {p} 的次序中也同样强',
  },
  {
    en: '{n} years cannot reach the classes {names} of this legend, whatever the land does',
    zh: '无论土地如何变化，{n} 年的数据都达不到此图例中的类别 {names}',
  },
  {
    en: 'Zone {zone} has {own} clear observations a year, the {role} land {around}: its bare ground may be taken for cloud; --audit looks closer',
    zh: '分区 {zone} 每年有 {own} 次晴空观测，{role} 区为 {around} 次：其裸地可能被误判为云；--audit 可作进一步检查',
  },
  { en: '… and {more} more mines are seen as seldom', zh: '……另有 {more} 个矿区同样少见' },
  {
    en: 'The reference zones have no data in {years}: no land can be assessed in those years',
    zh: '参考区在 {years} 年没有数据：这些年份无法评估土地',
  },
  {
    en: 'The test over all seasons estimates how they depend on each other from {n} years; below {least} that is hardly an estimate',
    zh: '全部季节的检验由 {n} 年的数据估计各季节间的相关；不足 {least} 年时难以估计',
  },
  {
    en: '{scene}: its item says EPSG:{item}, its file lies in EPSG:{file}: is it the file of this item?',
    zh: '{scene}：其条目为 EPSG:{item}，其文件为 EPSG:{file}：该文件属于此条目吗？',
  },
  { en: 'Left out {scene}: {reason}', zh: '未使用 {scene}：{reason}' },
  {
    en: 'Radiometry of {scene}: half of the clear pixels reflect more than {value}: is the scale right?',
    zh: '{scene} 的辐射：半数晴空像元的反射率高于 {value}：缩放系数是否正确？',
  },
  {
    en: 'Radiometry of {scene}: nearly all clear pixels reflect nothing: is the scale right?',
    zh: '{scene} 的辐射：几乎所有晴空像元的反射率为零：缩放系数是否正确？',
  },
  {
    en: 'Radiometry of {scene}: 5 % of the clear pixels have a red reflectance below {value}: is the offset taken off twice?',
    zh: '{scene} 的辐射：5 % 的晴空像元红光反射率低于 {value}：偏移量是否减了两次？',
  },
  {
    en: 'Radiometry of {scene}: 5 % of the clear pixels have a near infrared reflectance below {value}: is the offset taken off twice?',
    zh: '{scene} 的辐射：5 % 的晴空像元近红外反射率低于 {value}：偏移量是否减了两次？',
  },
  {
    en: 'Radiometry of {scene}: 5 % of the clear pixels have an NDVI of 1, the red reflectance being negative: is the offset taken off twice?',
    zh: '{scene} 的辐射：5 % 的晴空像元 NDVI 为 1，红光反射率为负：偏移量是否减了两次？',
  },
  {
    en: 'Radiometry of {scene}: there is vegetation (NDVI up to {ndvi}), yet 99 % of the red reflectances are above {value}: is the offset missing?',
    zh: '{scene} 的辐射：有植被（NDVI 最高 {ndvi}），但 99 % 的红光反射率高于 {value}：是否漏减了偏移量？',
  },
  {
    en: 'Radiometry of {scene}: red and near infrared lie by {value} above the other scenes of the season: is the offset missing?',
    zh: '{scene} 的辐射：红光和近红外比同季其他影像高 {value}：是否漏减了偏移量？',
  },
  {
    en: 'Radiometry of {scene}: red and near infrared lie by {value} below the other scenes of the season: is the offset taken off twice?',
    zh: '{scene} 的辐射：红光和近红外比同季其他影像低 {value}：偏移量是否减了两次？',
  },
];
