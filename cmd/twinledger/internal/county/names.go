package county

import (
	"fmt"
	"strings"
)

// The words of which names are made.
var (
	places = strings.Fields("石 清 白 青 黄 柳 杨 松 竹 桃 梅 龙 凤 金 银 玉 双 三 八 大 小 东 西 南 北 高 平 长 红 新 安 永 和 兴 福 广 云 水 山 林")
	lands  = strings.Fields("河 溪 泉 湾 坪 岭 坡 沟 桥 塘 店 寨 庄 铺 庙 关 口 堡 滩 源 头 台 门 峰 塬")
	// family names that are common, with a few of two characters
	families = strings.Fields("王 李 张 刘 陈 杨 黄 赵 吴 周 徐 孙 马 朱 胡 郭 何 林 罗 高 梁 宋 郑 谢 韩 唐 冯 于 董 萧 程 曹 袁 邓 许 傅 沈 曾 彭 吕 " +
		"苏 卢 蒋 蔡 贾 丁 魏 薛 叶 阎 余 潘 杜 戴 夏 钟 汪 田 任 姜 范 方 石 姚 谭 廖 邹 熊 金 陆 郝 孔 白 崔 康 毛 邱 秦 江 史 顾 侯 邵 孟 龙 万 段 " +
		"雷 钱 汤 尹 黎 易 常 武 乔 贺 赖 龚 文 欧阳 司马 上官 诸葛")
	digits = []rune("零一二三四五六七八九")

	subjects = []string{"语文", "数学", "英语", "道德与法治", "科学", "体育", "音乐", "美术", "信息技术"}
	grades   = []string{"优秀", "优秀", "良好", "良好", "良好", "合格"}
)

// chinese returns a number from 1 on in Chinese, as schools are numbered.
func chinese(n int) string {
	switch {
	case n < 10:
		return string(digits[n])
	case n < 20:
		return "十" + strings.TrimPrefix(string(digits[n%10]), "零")
	case n < 100:
		return string(digits[n/10]) + "十" + strings.TrimPrefix(string(digits[n%10]), "零")
	}
	out := ""
	for _, d := range fmt.Sprint(n) {
		out += string(digits[d-'0'])
	}
	return out
}

// place returns the name of a town or village.
func (w *world) place() string { return pick(w, places) + pick(w, lands) }

// unused returns the first name that make gives which no school has. When places
// run short they are numbered.
func (w *world) unused(make func(place string) string) string {
	for n := 0; ; n++ {
		place := w.place()
		if n > 20 {
			place += chinese(n / 20)
		}
		if name := make(place); !w.named[name] {
			w.named[name] = true
			return name
		}
	}
}

// people returns n different names of people, as sample data shows them:
// family name and 老师. People of different schools may have the same.
func (w *world) people(n int) []string {
	var out []string
	for _, i := range w.rand.Perm(len(families))[:n] {
		out = append(out, families[i]+"老师")
	}
	return out
}
