#include "data/digits/glyphs.h"

#include <algorithm>
#include <span>

namespace seve {
namespace {

constexpr int kPiecesPerSpan = 5;

StrokePoint CatmullRom(StrokePoint before, StrokePoint from, StrokePoint to, StrokePoint after, float t) {
  const auto blend = [t](float a, float b, float c, float d) {
    return 0.5f *
           (2 * b + t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a))));
  };
  return {blend(before.x, from.x, to.x, after.x), blend(before.y, from.y, to.y, after.y)};
}

void FlattenSmooth(std::span<const StrokePoint> control, Stroke& line) {
  for (size_t i = 0; i + 1 < control.size(); ++i) {
    const StrokePoint before = control[i == 0 ? 0 : i - 1];
    const StrokePoint after = control[std::min(i + 2, control.size() - 1)];
    const int pieces = control.size() == 2 ? 1 : kPiecesPerSpan;
    for (int piece = 1; piece <= pieces; ++piece) {
      const float t = static_cast<float>(piece) / static_cast<float>(pieces);
      line.push_back(CatmullRom(before, control[i], control[i + 1], after, t));
    }
  }
}

}  // namespace

std::array<std::vector<Glyph>, 10> DigitGlyphs() {
  const Glyph zero = {{{.55f, .02f},
                       {.24f, .14f},
                       {.12f, .5f},
                       {.24f, .88f},
                       {.52f, .98f},
                       {.78f, .86f},
                       {.88f, .5f},
                       {.76f, .12f},
                       {.5f, .03f}}};
  const Glyph one_bar = {{{.5f, 0}, {.5f, .5f}, {.5f, 1}}};
  const Glyph one_flag = {
      {{.28f, .24f}, {.44f, .14f}, {.56f, 0}, {.56f, 0}, {.55f, .5f}, {.55f, 1}}};
  const Glyph one_foot = {{{.28f, .24f}, {.44f, .14f}, {.54f, 0}, {.54f, 0}, {.53f, 1}},
                          {{.24f, .98f}, {.82f, .98f}}};
  const Glyph two = {{{.14f, .26f},
                      {.28f, .06f},
                      {.58f, .02f},
                      {.8f, .2f},
                      {.72f, .46f},
                      {.44f, .72f},
                      {.12f, .97f},
                      {.12f, .97f},
                      {.5f, .95f},
                      {.9f, .95f}}};
  const Glyph two_loop = {{{.14f, .22f},
                           {.34f, .03f},
                           {.64f, .04f},
                           {.78f, .24f},
                           {.66f, .52f},
                           {.4f, .82f},
                           {.16f, .95f},
                           {.08f, .84f},
                           {.24f, .76f},
                           {.54f, .92f},
                           {.92f, .92f}}};
  const Glyph three = {{{.16f, .14f},
                        {.44f, .01f},
                        {.76f, .14f},
                        {.7f, .38f},
                        {.4f, .47f},
                        {.4f, .47f},
                        {.74f, .55f},
                        {.84f, .78f},
                        {.52f, .99f},
                        {.12f, .88f}}};
  const Glyph three_flat = {{{.16f, .04f},
                             {.82f, .04f},
                             {.82f, .04f},
                             {.42f, .42f},
                             {.42f, .42f},
                             {.76f, .5f},
                             {.84f, .76f},
                             {.54f, .99f},
                             {.12f, .9f}}};
  const Glyph four_open = {{{.22f, .02f}, {.14f, .54f}, {.14f, .54f}, {.86f, .52f}},
                           {{.74f, .06f}, {.7f, .5f}, {.66f, 1}}};
  const Glyph four_closed = {
      {{.66f, 1}, {.66f, 0}, {.66f, 0}, {.08f, .66f}, {.08f, .66f}, {.94f, .66f}}};
  const Glyph five = {{{.84f, .03f},
                       {.28f, .04f},
                       {.28f, .04f},
                       {.2f, .44f},
                       {.2f, .44f},
                       {.54f, .36f},
                       {.84f, .54f},
                       {.82f, .84f},
                       {.5f, 1},
                       {.12f, .9f}}};
  const Glyph six = {{{.74f, .02f},
                      {.38f, .18f},
                      {.14f, .58f},
                      {.24f, .92f},
                      {.54f, .99f},
                      {.82f, .82f},
                      {.74f, .57f},
                      {.48f, .52f},
                      {.2f, .7f}}};
  const Glyph seven = {{{.1f, .06f}, {.88f, .05f}, {.88f, .05f}, {.6f, .48f}, {.42f, 1}}};
  const Glyph seven_bar = {{{.12f, .12f},
                            {.14f, .05f},
                            {.14f, .05f},
                            {.86f, .05f},
                            {.86f, .05f},
                            {.62f, .46f},
                            {.46f, 1}},
                           {{.3f, .52f}, {.82f, .48f}}};
  const Glyph eight = {{{.74f, .12f},
                        {.48f, .01f},
                        {.24f, .16f},
                        {.3f, .36f},
                        {.54f, .5f},
                        {.82f, .7f},
                        {.74f, .93f},
                        {.46f, 1},
                        {.18f, .9f},
                        {.18f, .7f},
                        {.44f, .51f},
                        {.7f, .34f},
                        {.76f, .16f},
                        {.66f, .07f}}};
  const Glyph nine_straight = {{{.78f, .14f},
                                {.52f, .02f},
                                {.24f, .14f},
                                {.18f, .36f},
                                {.42f, .5f},
                                {.68f, .4f},
                                {.8f, .14f},
                                {.8f, .14f},
                                {.76f, .56f},
                                {.68f, 1}}};
  const Glyph nine_hook = {{{.8f, .24f},
                            {.54f, .02f},
                            {.24f, .13f},
                            {.2f, .38f},
                            {.48f, .5f},
                            {.74f, .38f},
                            {.82f, .18f},
                            {.84f, .54f},
                            {.68f, .9f},
                            {.3f, .98f}}};
  return {{{zero},
           {one_bar, one_flag, one_foot},
           {two, two_loop},
           {three, three_flat},
           {four_open, four_closed},
           {five},
           {six},
           {seven, seven_bar},
           {eight},
           {nine_straight, nine_hook}}};
}

Stroke Flatten(const Stroke& stroke) {
  Stroke line = {stroke.front()};
  const std::span<const StrokePoint> control(stroke);
  size_t begin = 0;
  for (size_t i = 1; i <= control.size(); ++i) {
    const bool corner = i < control.size() && control[i] == control[i - 1];
    if (!corner && i < control.size()) continue;
    FlattenSmooth(control.subspan(begin, i - begin), line);
    begin = i;
  }
  return line;
}

}  // namespace seve
